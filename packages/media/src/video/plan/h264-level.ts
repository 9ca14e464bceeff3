import type { Size } from '../../plan/geometry.ts'

const BLOCK_PX = 16
/** Level times ten, most macroblocks in a second, most in a frame (ITU-T H.264, table A-1). */
const LEVELS = [
  [30, 40_500, 1620],
  [31, 108_000, 3600],
  [32, 216_000, 5120],
  [40, 245_760, 8192],
  [42, 522_240, 8704],
  [50, 589_824, 22_080],
  [51, 983_040, 36_864],
  [52, 2_073_600, 36_864],
  [60, 4_177_920, 139_264],
  [61, 8_355_840, 139_264],
  [62, 16_711_680, 139_264],
] as const

/** Returns the lowest level, times ten, whose decoders can play such a video. Players ask for it before they load anything. */
export function h264Level({ width, height }: Size, frameRate: number): number {
  const [across, down] = [Math.ceil(width / BLOCK_PX), Math.ceil(height / BLOCK_PX)]
  const fits = LEVELS.find(
    ([, perSec, perFrame]) =>
      across * down <= perFrame &&
      Math.max(across, down) <= Math.sqrt(8 * perFrame) &&
      across * down * frameRate <= perSec,
  )
  return fits?.[0] ?? 62
}
