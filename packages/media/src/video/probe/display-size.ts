import type { Size } from '../../plan/geometry.ts'
import type { StreamInfo } from './streams.ts'

/** Returns the clockwise degrees by which ffmpeg turns the frames: 0, 90, 180 or 270. An odd angle changes no side. */
export function rotationOf({ side_data_list }: StreamInfo): number {
  const stated = side_data_list.find(({ rotation }) => rotation !== undefined)?.rotation ?? 0
  const clockwise = (((-stated % 360) + 360) % 360) % 360
  return [90, 180, 270].find(angle => Math.abs(clockwise - angle) < 1) ?? 0
}

/** Returns the size as shown: turned upright, with square pixels. */
export function displaySize(stream: StreamInfo): Size {
  const stored = { width: stream.width ?? 0, height: stream.height ?? 0 }
  const square = { ...stored, width: Math.max(1, Math.round(stored.width * pixelRatio(stream))) }
  return rotationOf(stream) % 180 === 90 ? { width: square.height, height: square.width } : square
}

function pixelRatio({ sample_aspect_ratio }: StreamInfo): number {
  const [across = 0, down = 0] = (sample_aspect_ratio ?? '').split(':').map(Number)
  return across > 0 && down > 0 ? across / down : 1
}
