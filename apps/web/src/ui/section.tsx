import { type ReactNode, useId } from 'react'

interface SectionProps {
  title: string
  /** After the title, in small. */
  note?: ReactNode
  /** At the right end of the title's line. */
  actions?: ReactNode
  testId: string
  children: ReactNode
}

export function Section({ title, note, actions, testId, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} data-testid={testId} data-keeps-focus className="mt-10 first:mt-0">
      <div className="mb-3 flex min-h-11 flex-wrap items-center justify-between gap-x-4">
        <h2 id={id} tabIndex={-1} data-focus-home className="outline-none text-xl font-semibold tracking-tight">
          {title}
          {note && <span className="ml-2 text-base font-normal text-muted">{note}</span>}
        </h2>
        {actions && <div className="-mx-3 flex flex-wrap items-center">{actions}</div>}
      </div>
      {children}
    </section>
  )
}
