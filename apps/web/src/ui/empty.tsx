import type { ReactNode } from 'react'

interface EmptyProps {
  title: string
  /** What to do next. */
  text: string
  testId: string
  /** The button and the link for it. */
  children?: ReactNode
}

/** Shows a text in place of an empty list. */
export const Empty = ({ title, text, testId, children }: EmptyProps) => (
  <div data-testid={testId} className="rounded-2xl border border-dashed border-edge/60 px-6 py-10 text-center">
    <p className="font-medium">{title}</p>
    <p className="mx-auto mt-1 max-w-md text-sm text-muted text-pretty">{text}</p>
    {children && <div className="mt-4 flex flex-wrap items-center justify-center gap-2">{children}</div>}
  </div>
)
