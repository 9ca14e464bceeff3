import { createHash } from 'node:crypto'
import type { PlannedVariant } from './planned.ts'
import { versions } from './versions.ts'

/** Raise it when the steps change what the same parameters look like. */
const PIPELINE_VERSION = 1

/** SHA-256 (hex) over source, parameters and engine: equal fingerprints mean that making it again gains nothing. */
export function fingerprint(sourceSha256: string, variant: Pick<PlannedVariant, 'fingerprintInput'>): string {
  const { sharp, libvips } = versions()
  const parts = [sourceSha256, variant.fingerprintInput, `sharp ${sharp}`, `libvips ${libvips}`, PIPELINE_VERSION]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
