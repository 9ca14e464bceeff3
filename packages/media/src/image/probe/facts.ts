import type { Metadata } from 'sharp'
import type { Facts } from '../../facts.ts'
import { describeIcc } from '../icc.ts'
import type { ImageProbeContext, ImageProbeResults } from './context.ts'

export const factsStep = {
  name: 'facts',
  run({ type }: ImageProbeContext, { header }: Pick<ImageProbeResults, 'header'>): Facts {
    const pages = header.pages ?? 1
    const animated = pages > 1 && type !== 'image/tiff'
    return {
      kind: 'image',
      contentType: type,
      width: header.autoOrient.width,
      height: header.autoOrient.height,
      orientation: header.orientation ?? 1,
      animated,
      frameCount: animated ? pages : 1,
      pageCount: type === 'image/tiff' ? pages : null,
      durationMs: animated && header.delay ? header.delay.reduce((sum, ms) => sum + ms, 0) : null,
      hasAlpha: header.hasAlpha,
      colorSpace: header.space,
      iccProfile: header.icc ? describeIcc(header.icc) : null,
      bitDepth: header.bitsPerSample ?? BITS[header.depth] ?? 8,
      details: details(header),
    }
  },
} as const

const BITS: Record<string, number> = {
  uchar: 8,
  char: 8,
  ushort: 16,
  short: 16,
  uint: 32,
  int: 32,
  float: 32,
  double: 64,
}

/** An allow-list: what is not named here is not shown. */
const DETAILS = ['density', 'chromaSubsampling', 'isProgressive', 'isPalette', 'compression', 'loop'] as const

function details(header: Metadata): Facts['details'] {
  const entries = DETAILS.map(name => [name, header[name]] as const)
  return Object.fromEntries(
    entries.filter((entry): entry is [(typeof entry)[0], NonNullable<(typeof entry)[1]>] => entry[1] !== undefined),
  )
}
