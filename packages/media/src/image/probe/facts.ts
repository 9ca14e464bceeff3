import type { ImageFacts } from '../../facts.ts'
import type { Header } from '../decoders/decoder.ts'
import { cameraOf } from '../exif.ts'
import { describeIcc } from '../icc.ts'
import type { ImageProbeContext, ImageProbeResults } from './context.ts'

export const factsStep = {
  name: 'facts',
  run({ type }: ImageProbeContext, { header }: Pick<ImageProbeResults, 'header'>): ImageFacts {
    const pages = header.pages ?? 1
    const animated = pages > 1 && ANIMATED.has(type)
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

/** Pages of a TIFF and images of a HEIF collection are no frames. */
const ANIMATED: ReadonlySet<string> = new Set(['image/gif', 'image/webp'])

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

/** The namespace of Ultra HDR (Adobe's gain map specification, 1.0): a second image says how bright to make the first. */
const GAIN_MAP = 'http://ns.adobe.com/hdr-gain-map/1.0/'

/** An allow-list: what is not named here is not shown. */
const DETAILS = ['density', 'chromaSubsampling', 'isProgressive', 'isPalette', 'compression', 'loop'] as const

function details(header: Header): ImageFacts['details'] {
  const entries = DETAILS.map(name => [name, header[name]] as const)
  const camera = cameraOf(header.exif)
  return {
    ...Object.fromEntries(
      entries.filter((entry): entry is [(typeof entry)[0], NonNullable<(typeof entry)[1]>] => entry[1] !== undefined),
    ),
    ...(header.xmp?.includes(GAIN_MAP) && { hasGainMap: true }),
    ...(camera && { camera }),
  }
}
