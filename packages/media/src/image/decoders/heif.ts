import { open } from 'node:fs/promises'
import sharp from 'sharp'
import { MediaFault } from '../../fault.ts'
import { endsEarly } from '../ends-early.ts'
import { openOptions } from '../engine.ts'
import { fromRaster, type Raster } from '../raster.ts'
import type { Decoder, OpenInput } from './decoder.ts'
import { native } from './native.ts'
import { readWhole } from './read-whole.ts'

/**
 * AV1 or HEVC in one container. The libheif of npm's sharp has no HEVC, so those pixels come from another build of it; their
 * profile does not, and is put back from the header.
 */
export const heif: Decoder = {
  readHeader: input =>
    native.readHeader(input).catch(async error => {
      throw (await isSequence(input.file))
        ? new MediaFault('UNSUPPORTED_TYPE', 'AVIF and HEIF that move are not taken')
        : error
    }),

  async open(input) {
    const { file, facts, limits } = input
    if (facts.details.compression !== 'hevc') return await native.open(input)
    const { icc, exif, pagePrimary = 0 } = await sharp(file, openOptions(limits)).metadata()
    // That decoder fills up what is missing.
    if (await endsEarly(file, facts.contentType)) throw new MediaFault('TRUNCATED_FILE', 'The file ends too early')
    const raster = await decodeHevc(input, pagePrimary)
    return {
      icc,
      exif,
      image: ({ ignoreIcc = false } = {}) => fromRaster(icc && !ignoreIcc ? { ...raster, icc } : raster),
    }
  },
}

/** The brands of files that are nothing but a sequence (ISO/IEC 23008-12, 10.3; AVIF 1.1, 6.3). */
const SEQUENCES: ReadonlySet<string> = new Set(['avis', 'msf1', 'hevc', 'hevx'])

async function isSequence(path: string): Promise<boolean> {
  await using file = await open(path)
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 8)
  return SEQUENCES.has(buffer.toString('latin1'))
}

/** One of the file's pictures, counted alike by all builds of libheif, which turns it upright by itself. */
async function decodeHevc({ file, facts }: OpenInput, primary: number): Promise<Raster> {
  const { default: decode } = await import('heic-decode')
  const images = await decode.all({ buffer: await readWhole(file) })
  try {
    const image = images[primary]
    // The header, whose pixels were counted, was read by another program; what this one is about to allocate is what matters.
    if (!image || image.width !== facts.width || image.height !== facts.height)
      throw new MediaFault('CORRUPT_FILE', 'The file contradicts itself about its size')
    const { data, width, height } = await image.decode()
    const rgba = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    return facts.hasAlpha
      ? { data: rgba, width, height, channels: 4 }
      : { data: withoutAlpha(rgba), width, height, channels: 3 }
  } finally {
    images.dispose()
  }
}

function withoutAlpha(rgba: Buffer): Buffer {
  const rgb = Buffer.allocUnsafe((rgba.length / 4) * 3)
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0
    rgb[to + 1] = rgba[from + 1] ?? 0
    rgb[to + 2] = rgba[from + 2] ?? 0
  }
  return rgb
}
