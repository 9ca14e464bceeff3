import { createHash } from 'node:crypto'
import type { PlannedVariant } from './planned.ts'
import { versions } from './versions.ts'

/** Raise it when the steps change what the same parameters look like. */
const PIPELINE_VERSION = 1

/**
 * SHA-256 (hex) over source, parameters and engine: equal fingerprints mean that making it again gains nothing.
 * @param ffmpeg the version that makes it, for films and sounds
 */
export function fingerprint(
  sourceSha256: string,
  variant: Pick<PlannedVariant, 'fingerprintInput'>,
  ffmpeg: string | null = null,
): string {
  const { sharp, libvips } = versions()
  const engines = [`sharp ${sharp}`, `libvips ${libvips}`, ...(ffmpeg === null ? [] : [`ffmpeg ${ffmpeg}`])]
  const parts = [sourceSha256, variant.fingerprintInput, ...engines, PIPELINE_VERSION]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
