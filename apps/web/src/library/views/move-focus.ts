/** How a view is laid out. */
export interface Layout {
  count: number
  columns: number
  /** Rows that a page key moves. */
  rowsPerPage: number
}

const STEPS: Record<string, (at: number, layout: Layout) => number> = {
  ArrowLeft: at => at - 1,
  ArrowRight: at => at + 1,
  ArrowUp: (at, { columns }) => at - columns,
  ArrowDown: (at, { columns, count }) => (at + columns < count ? at + columns : lastOf(at, columns, count)),
  PageUp: (at, { columns, rowsPerPage }) => Math.max(at % columns, at - columns * rowsPerPage),
  PageDown: (at, { columns, rowsPerPage, count }) => Math.min(count - 1, at + columns * rowsPerPage),
  Home: () => 0,
  End: (_, { count }) => count - 1,
}

/** Below the last whole row there may be a shorter one. */
const lastOf = (at: number, columns: number, count: number): number =>
  Math.floor(at / columns) < Math.floor((count - 1) / columns) ? count - 1 : at

/** Returns the place that a key leads to; null for a key that leads nowhere. */
export function placeAfter(key: string, at: number, layout: Layout): number | null {
  const step = STEPS[key]
  if (!step || layout.count === 0) return null
  const next = step(at, layout)
  return next < 0 || next >= layout.count ? at : next
}
