import type { ImageType } from '../types.ts'
import type { Decoder } from './decoder.ts'
import { heif } from './heif.ts'
import { jxl } from './jxl.ts'
import { native } from './native.ts'
import { png } from './png.ts'
import { svg } from './svg.ts'
import { tiff } from './tiff.ts'
import { webp } from './webp.ts'

export const DECODERS: Record<ImageType, Decoder> = {
  'image/jpeg': native,
  'image/png': png,
  'image/webp': webp,
  'image/gif': native,
  'image/tiff': tiff,
  'image/avif': heif,
  'image/heic': heif,
  'image/heif': heif,
  'image/jxl': jxl,
  'image/svg+xml': svg,
}
