/** Bars where content will be, which come only when it takes a moment. */
export function Loading({ what, rows = 3 }: { what: string; rows?: number }) {
  return (
    <div role="status" className="grid gap-3 transition-opacity delay-300 duration-300 starting:opacity-0">
      <span className="sr-only">Loading {what}…</span>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars that are all alike.
        <span key={index} aria-hidden="true" className="h-14 animate-pulse rounded-2xl bg-sunken" />
      ))}
    </div>
  )
}
