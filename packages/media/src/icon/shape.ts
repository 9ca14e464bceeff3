import type { Polyline } from './path.ts'

/** A drawn line, or an area with such a line around it. */
export interface Shape {
  lines: readonly Polyline[]
  isFilled: boolean
  /** Half of the width of the line; what is filled grows by it and gets round corners. */
  radius: number
  color: readonly [red: number, green: number, blue: number]
  /** How wide its edge fades out; by default so that it looks sharp. */
  softness?: number
}

/** Four numbers for each piece of a line: where it begins and where it ends. Asked for every pixel, so it is flat. */
type Edges = Float64Array

export const edgesOf = ({ lines, isFilled }: Shape): Edges =>
  Float64Array.from(
    lines.flatMap(line =>
      line.flatMap((end, at) => [...(line[at - 1] ?? (isFilled ? line.at(-1) : end) ?? end), ...end]),
    ),
  )

/** How far a point is from the edge of a shape; below 0 inside. */
export function distance({ isFilled, radius }: Shape, edges: Edges, x: number, y: number): number {
  let nearest = Infinity
  let isInside = false
  for (let at = 0; at < edges.length; at += 4) {
    const ax = edges[at] ?? 0
    const ay = edges[at + 1] ?? 0
    const bx = edges[at + 2] ?? 0
    const by = edges[at + 3] ?? 0
    nearest = Math.min(nearest, squaredDistance(x - ax, y - ay, bx - ax, by - ay))
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isInside = !isInside
  }
  return (isFilled && isInside ? -1 : 1) * Math.sqrt(nearest) - radius
}

/** From a point to a piece of a line; both from where the piece begins. */
function squaredDistance(x: number, y: number, dx: number, dy: number): number {
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, (x * dx + y * dy) / length))
  return (x - along * dx) ** 2 + (y - along * dy) ** 2
}
