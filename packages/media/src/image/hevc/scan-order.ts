/** In which order the coefficients of a block, and its sub-blocks, are coded (ITU-T H.265, 6.5.3 to 6.5.5). */
export interface ScanOrder {
  /** By their place in the order. */
  x: Uint8Array
  y: Uint8Array
  /** The place, by y × side + x. */
  placeOf: Uint8Array
}

export const DIAGONAL = 0
export const HORIZONTAL = 1
export const VERTICAL = 2

/** By the logarithm of the side, 0 to 3, and one of the three orders. */
export const SCAN_ORDERS: readonly (readonly ScanOrder[])[] = [1, 2, 4, 8].map(side =>
  [
    (x: number, y: number) => (x + y) * side + x,
    (x: number, y: number) => y * side + x,
    (x: number, y: number) => x * side + y,
  ].map(rank => scanOrder(side, rank)),
)

function scanOrder(side: number, rank: (x: number, y: number) => number): ScanOrder {
  const places = Array.from({ length: side * side }, (_, at) => ({ x: at % side, y: Math.floor(at / side) })).sort(
    (a, b) => rank(a.x, a.y) - rank(b.x, b.y),
  )
  const placeOf = new Uint8Array(side * side)
  for (const [place, { x, y }] of places.entries()) placeOf[y * side + x] = place
  return { x: Uint8Array.from(places, ({ x }) => x), y: Uint8Array.from(places, ({ y }) => y), placeOf }
}
