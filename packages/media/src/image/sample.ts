import type { Raster } from './raster.ts'

/** Points per side that are averaged for one pixel: enough for a blurred placeholder, 10 times as quick as a resize. */
const GRID = 4

/** Returns the whole image as RGBA with at most `maxPx` on the longer side. */
export function sampleRgba(raster: Raster, maxPx: number): { width: number; height: number; rgba: Uint8Array } {
  const factor = Math.min(1, maxPx / Math.max(raster.width, raster.height))
  const width = Math.max(1, Math.round(raster.width * factor))
  const height = Math.max(1, Math.round(raster.height * factor))
  const rgba = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = { x: x / width, y: y / height, width: 1 / width, height: 1 / height }
      rgba.set(averageOf(raster, cell), (y * width + x) * 4)
    }
  }
  return { width, height, rgba }
}

interface Cell {
  x: number
  y: number
  width: number
  height: number
}

function averageOf({ data, width, height, channels }: Raster, cell: Cell): [number, number, number, number] {
  let [r, g, b, weight] = [0, 0, 0, 0]
  for (let n = 0; n < GRID * GRID; n++) {
    const x = Math.floor((cell.x + (cell.width * ((n % GRID) + 0.5)) / GRID) * width)
    const y = Math.floor((cell.y + (cell.height * (Math.floor(n / GRID) + 0.5)) / GRID) * height)
    const at = (y * width + x) * channels
    const alpha = channels === 4 ? (data[at + 3] ?? 0) : 255
    r += (data[at] ?? 0) * alpha
    g += (data[at + 1] ?? 0) * alpha
    b += (data[at + 2] ?? 0) * alpha
    weight += alpha
  }
  return weight === 0 ? [0, 0, 0, 0] : [r / weight, g / weight, b / weight, weight / (GRID * GRID)]
}
