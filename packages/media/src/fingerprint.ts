import { createHash } from 'node:crypto'
import type { MediaKind } from '@darkroom/contracts'
import type { PlannedVariant } from './planned.ts'

/** Raise it when the steps change what the same parameters look like; from the first release on. */
const PIPELINE_VERSION = 1

/** Versions of what decodes and encodes. Null where there is no ffmpeg. */
export interface Engines {
  sharp: string
  libvips: string
  ffmpeg: string | null
}

/** Returns the SHA-256 (hex) of source, parameters and engine: equal fingerprints mean that making it again gains nothing. */
export function fingerprint(
  sourceSha256: string,
  kind: MediaKind,
  variant: Pick<PlannedVariant, 'fingerprintInput' | 'type'>,
  engines: Engines,
): string {
  const isOfFfmpeg = kind === 'video' || kind === 'audio' || variant.type === 'animation'
  const { sharp, libvips, ffmpeg } = engines
  const used = [`sharp ${sharp}`, `libvips ${libvips}`, ...(isOfFfmpeg && ffmpeg !== null ? [`ffmpeg ${ffmpeg}`] : [])]
  const parts = [sourceSha256, variant.fingerprintInput, ...used, PIPELINE_VERSION]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
