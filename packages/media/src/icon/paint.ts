import { distance, edgesOf, type Shape } from './shape.ts'

/** Side of the drawing that shapes are described in. */
export const UNITS = 256

/** The shapes, the first at the bottom, as RGBA pixels of a square; what no shape covers is transparent. */
export function paint(shapes: readonly Shape[], side: number): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(side * side * 4)
  for (const shape of shapes) paintShape(pixels, side, shape)
  return pixels
}

function paintShape(pixels: Uint8ClampedArray, side: number, shape: Shape): void {
  const unit = UNITS / side
  const softness = Math.max(unit, shape.softness ?? unit)
  const [left, top, right, bottom] = bounds(shape, softness).map(edge => Math.min(side, Math.max(0, edge / unit)))
  const edges = edgesOf(shape)
  for (let y = Math.floor(top ?? 0); y < (bottom ?? 0); y++) {
    for (let x = Math.floor(left ?? 0); x < (right ?? 0); x++) {
      const cover = 0.5 - distance(shape, edges, (x + 0.5) * unit, (y + 0.5) * unit) / softness
      if (cover > 0) blend(pixels, (y * side + x) * 4, shape.color, Math.min(1, cover))
    }
  }
}

function bounds({ lines, radius }: Shape, softness: number): number[] {
  const [xs, ys] = ([0, 1] as const).map(axis => lines.flat().map(point => point[axis]))
  const margin = radius + softness
  const low = (values: number[] = []) => Math.min(...values) - margin
  const high = (values: number[] = []) => Math.max(...values) + margin
  return [low(xs), low(ys), high(xs), high(ys)]
}

/** Colour over what is there; alpha is not premultiplied. */
function blend(pixels: Uint8ClampedArray, at: number, color: Shape['color'], cover: number): void {
  const below = ((pixels[at + 3] ?? 0) / 255) * (1 - cover)
  const alpha = cover + below
  for (let channel = 0; channel < 3; channel++) {
    pixels[at + channel] = ((color[channel] ?? 0) * cover + (pixels[at + channel] ?? 0) * below) / alpha
  }
  pixels[at + 3] = alpha * 255
}
