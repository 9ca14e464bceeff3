import type { ImageType } from '../types.ts'
import type { Decoder } from './decoder.ts'

const native = async () => (await import('./native.ts')).native
const heif = async () => (await import('./heif.ts')).heif

/** Loaded when first needed: a process that shrinks JPEGs has no use for what reads HEVC. */
export const DECODERS: Record<ImageType, () => Promise<Decoder>> = {
  'image/jpeg': native,
  'image/png': async () => (await import('./png.ts')).png,
  'image/webp': async () => (await import('./webp.ts')).webp,
  'image/gif': native,
  'image/tiff': async () => (await import('./tiff.ts')).tiff,
  'image/avif': heif,
  'image/heic': heif,
  'image/heif': heif,
  'image/jxl': async () => (await import('./jxl.ts')).jxl,
  'image/svg+xml': async () => (await import('./svg.ts')).svg,
}
