import type { ReactNode } from 'react'

/** Shows a line above the page for what concerns all of it. */
export function Banner({ testId, children }: { testId: string; children: ReactNode }) {
  return (
    <div
      role="status"
      data-testid={testId}
      className="sticky top-0 z-20 flex items-center justify-center gap-3 bg-ink px-4 py-3 text-center text-sm text-paper"
    >
      <span className="size-2 shrink-0 animate-pulse rounded-full bg-accent" aria-hidden="true" />
      <p>{children}</p>
    </div>
  )
}
