/** In units of the drawing, from the left and from the top. */
type Point = readonly [x: number, y: number]
export type Polyline = readonly Point[]

/** Pieces of a curve; enough to look round in the largest icon. */
const PIECES = 10
const COMMAND = /([MLQZ])([^MLQZ]*)/g

/** Lines out of SVG path data, of which it knows M, L, Q and Z with absolute coordinates. */
export function polylines(data: string): Polyline[] {
  const lines: Point[][] = []
  for (const [, command = '', rest = ''] of data.matchAll(COMMAND)) {
    const points = pairs(
      rest
        .trim()
        .split(/[\s,]+/)
        .map(Number),
    )
    const line = lines.at(-1) ?? []
    if (command === 'M') lines.push(points)
    else if (command === 'Q') line.push(...curve(line.at(-1) ?? [0, 0], points))
    else line.push(...(command === 'Z' ? line.slice(0, 1) : points))
  }
  return lines
}

function pairs(numbers: number[]): Point[] {
  return numbers.flatMap((x, at) => (at % 2 === 0 && numbers[at + 1] !== undefined ? [[x, numbers[at + 1] ?? 0]] : []))
}

/** A quadratic curve from where the line is. */
function curve(from: Point, [control = from, to = from]: Point[]): Point[] {
  return Array.from({ length: PIECES }, (_, piece) => {
    const t = (piece + 1) / PIECES
    const mix = (axis: 0 | 1) => (1 - t) ** 2 * from[axis] + 2 * t * (1 - t) * control[axis] + t ** 2 * to[axis]
    return [mix(0), mix(1)] as const
  })
}

/** The lines moved and scaled. */
export const placed = (lines: readonly Polyline[], x: number, y: number, scale: number): Polyline[] =>
  lines.map(line => line.map(([px, py]) => [x + px * scale, y + py * scale] as const))
