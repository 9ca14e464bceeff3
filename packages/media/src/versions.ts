import sharp from 'sharp'
import { unsafeEngine } from './errors.ts'

const MIN_SHARP = [0, 35, 4] as const

/** Versions of the engines that decode and encode. */
export function versions(): { sharp: string; libvips: string; libheif: string; libwebp: string; aom: string } {
  const { sharp: own = '0', vips, heif = '', webp = '', aom = '' } = sharp.versions
  return { sharp: own, libvips: vips, libheif: heif, libwebp: webp, aom }
}

/**
 * Refuses engines with known holes: sharp below 0.35.4 (GHSA-f88m-g3jw-g9cj, GHSA-rgj7-g3m4-5g8c).
 * @throws AppError INTERNAL
 */
export function assertSafeVersions(found: { sharp: string } = versions()): void {
  const parts = found.sharp.split(/[.-]/).map(Number)
  for (const [index, minimum] of MIN_SHARP.entries()) {
    const part = parts[index] ?? 0
    if (part > minimum) return
    if (!(part === minimum)) throw unsafeEngine(found.sharp, MIN_SHARP.join('.'))
  }
}
