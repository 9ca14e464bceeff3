import type { Raster } from '../../image/raster.ts'
import type { PlannedWaveform } from '../planned.ts'
import type { Peaks } from './peak-meter.ts'

const FULL_SCALE = 32_768
/** A quiet recording is drawn larger, but its noise does not look like a concert. */
const MAX_ZOOM = 8
/** Silence is a line. */
const MIN_THICKNESS_PX = 1

type Look = Pick<PlannedWaveform, 'width' | 'height' | 'color' | 'background'>
type Rgba = readonly [number, number, number, number]

/** Draws the waveform in its colours; transparent where there is neither wave nor background. */
export function drawWaveform({ data }: Peaks, { width, height, color, background }: Look): Raster {
  const wave = toRgba(color)
  const behind = background ? toRgba(background) : ([wave[0], wave[1], wave[2], 0] as const)
  const pixels = Buffer.alloc(width * height * 4)
  const zoom = zoomOf(data)
  for (let x = 0; x < width; x++) {
    const [top, bottom] = extent(columnOf(data, x / width, (x + 1) / width), zoom, height)
    for (let y = 0; y < height; y++) {
      const covered = Math.max(0, Math.min(bottom, y + 1) - Math.max(top, y))
      pixels.set(mix(behind, wave, covered), (y * width + x) * 4)
    }
  }
  return { data: pixels, width, height, channels: 4 }
}

function zoomOf(data: readonly number[]): number {
  const highest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
  return Math.min(MAX_ZOOM, FULL_SCALE / highest)
}

/** Returns minimum and maximum between two places, from 0 to 1, of the whole. */
function columnOf(data: readonly number[], from: number, to: number): [number, number] {
  const count = data.length / 2
  const first = Math.floor(from * count)
  const last = Math.max(first + 1, Math.ceil(to * count))
  const column = data.slice(first * 2, last * 2)
  return [Math.min(0, ...column), Math.max(0, ...column)]
}

function extent([min, max]: [number, number], zoom: number, height: number): [number, number] {
  const middle = height / 2
  const scale = (zoom * middle) / FULL_SCALE
  const thin = MIN_THICKNESS_PX / 2
  return [Math.min(middle - thin, middle - max * scale), Math.max(middle + thin, middle - min * scale)]
}

const mix = (behind: Rgba, wave: Rgba, part: number): number[] =>
  behind.map((value, n) => Math.round(value + ((wave[n] ?? 0) - value) * part))

function toRgba(hex: string): Rgba {
  const [r = 0, g = 0, b = 0, a = 255] = hex.match(/[0-9a-f]{2}/gi)?.map(pair => Number.parseInt(pair, 16)) ?? []
  return [r, g, b, a]
}
