import { open } from 'node:fs/promises'
import sharp from 'sharp'
import { MediaFault, overLimit } from '../../fault.ts'
import type { Size } from '../../plan/geometry.ts'
import { type Cicp, isHdr, needsMapping } from '../cicp/cicp.ts'
import { endsEarly } from '../ends-early.ts'
import { openOptions } from '../engine.ts'
import { fromRaster, type Raster, toRaster } from '../raster.ts'
import type { Decoder, HeaderInput, ImageSource, OpenInput } from './decoder.ts'
import { type HeifProperties, readHeifProperties } from './heif-properties.ts'
import { leavesAlphaBehind, transformed, withoutTransforms } from './heif-upright.ts'
import { openHeif } from './libheif.ts'
import { native } from './native.ts'
import { readWhole } from './read-whole.ts'

/**
 * AV1 or HEVC in one container. The libheif of npm's sharp has no HEVC, so those pixels come from another build of it; their
 * profile does not, and is put back from the header.
 */
export const heif: Decoder = {
  async readHeader(input) {
    const header = await native.readHeader(input).catch(async error => {
      if (await isSequence(input.file))
        throw new MediaFault('UNSUPPORTED_TYPE', 'AVIF and HEIF that move are not taken')
      await checkPixels(input)
      throw error
    })
    await checkPixels(input)
    return header
  },

  async open(input) {
    const { file, facts, limits } = input
    const properties = await readHeifProperties(file)
    const cicp = cicpOf(properties)
    if (properties && leavesAlphaBehind(properties)) return await openTransformed(input, properties, cicp)
    if (facts.details.compression !== 'hevc') {
      const source = await native.open(input)
      return source.icc ? source : { ...source, cicp }
    }
    const { icc, exif, pages = 1, pagePrimary = 0 } = await sharp(file, openOptions(limits)).metadata()
    // That decoder fills up what is missing.
    if (await endsEarly(file, facts.contentType)) throw new MediaFault('TRUNCATED_FILE', 'The file ends too early')
    const named = { pages, primary: pagePrimary }
    if (!icc && cicp && isHdr(cicp)) return { icc, exif, cicp, ...(await decodeDeep(input, named)) }
    return sourceOf(await decodeHevc(input, named), { icc, exif, cicp })
  },
}

/** The colours that the container names, where they are not those of sRGB. A profile beside them counts more. */
function cicpOf(properties: HeifProperties | null): Cicp | undefined {
  const nclx = properties?.nclx
  return nclx && needsMapping(nclx) ? nclx : undefined
}

/** A picture whose opacity has to be turned with its colours. */
async function openTransformed(
  { file, facts, limits }: OpenInput,
  properties: HeifProperties,
  cicp: Cicp | undefined,
): Promise<ImageSource> {
  const { icc, exif } = await sharp(file, openOptions(limits)).metadata()
  const { width, height, transforms } = properties
  const stored = withoutTransforms(await readWhole(file), properties)
  const raster: Raster =
    facts.details.compression === 'hevc'
      ? { data: await decodePixels(stored, { width, height }, { pages: 1, primary: 0 }, 8), width, height, channels: 4 }
      : await toRaster(sharp(stored, { ...openOptions(limits), ignoreIcc: true }))
  return sourceOf(await transformed(raster, transforms, facts), { icc, exif, cicp })
}

const sourceOf = (raster: Raster, { icc, exif, cicp }: Omit<ImageSource, 'image'>): ImageSource => ({
  ...{ icc, exif, cicp: icc ? undefined : cicp },
  image: ({ ignoreIcc = false } = {}) => fromRaster(icc && !ignoreIcc ? { ...raster, icc } : raster),
})

/** Of all that is decoded, and not only of the part that is shown. The decoder's own limit calls what is beyond it damaged. */
async function checkPixels({ file, limits }: HeaderInput): Promise<void> {
  const { width = 0, height = 0 } = (await readHeifProperties(file)) ?? {}
  if (width * height <= limits.maxPixels) return
  const most = `at most ${limits.maxPixels} are allowed`
  throw overLimit('maxPixels', 'TOO_MANY_PIXELS', `The picture has ${width} × ${height} pixels; ${most}`)
}

/** The brands of files that are nothing but a sequence (ISO/IEC 23008-12, 10.3; AVIF 1.1, 6.3). */
const SEQUENCES: ReadonlySet<string> = new Set(['avis', 'msf1', 'hevc', 'hevx'])

async function isSequence(path: string): Promise<boolean> {
  await using file = await open(path)
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 8)
  return SEQUENCES.has(buffer.toString('latin1'))
}

async function decodeHevc(input: OpenInput, named: Named): Promise<Raster> {
  const { width, height, hasAlpha } = input.facts
  const rgba = await decodePixels(await readWhole(input.file), input.facts, named, 8)
  return hasAlpha
    ? { data: rgba, width, height, channels: 4 }
    : { data: withoutAlpha(rgba), width, height, channels: 3 }
}

/** With all of its bits: those of HDR are too few to lose any. */
async function decodeDeep(input: OpenInput, named: Named): Promise<Pick<ImageSource, 'image'>> {
  const { width, height, hasAlpha, bitDepth } = input.facts
  const bytes = await decodePixels(await readWhole(input.file), input.facts, named, 16)
  const samples = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
  // As libvips has them.
  for (let at = 0; at < samples.length; at++) samples[at] = (samples[at] ?? 0) << (16 - bitDepth)
  const image = () => sharp(samples, { raw: { width, height, channels: 4 }, limitInputPixels: false })
  return { image: () => (hasAlpha ? image() : image().removeAlpha()) }
}

/** RGBA. libheif turns the picture upright by itself. */
async function decodePixels(file: Buffer, size: Size, named: Named, bits: 8 | 16): Promise<Buffer> {
  const heif = await openHeif(file)
  try {
    const image = primaryOf(heif.images, named, size)
    // The header, whose pixels were counted, was read by another program; what this one is about to allocate is what matters.
    if (!image || !isOfSize(image, size))
      throw new MediaFault('CORRUPT_FILE', 'The file contradicts itself about its size')
    return await image.decode(bits)
  } finally {
    heif.close()
  }
}

/** How many pictures the header has, and which of them is the one to show. */
interface Named {
  pages: number
  primary: number
}

const isOfSize = (one: Size, other: Size): boolean => one.width === other.width && one.height === other.height

/** This decoder leaves out what it cannot read, and then counts otherwise: only the size can tell, where just one has it. */
function primaryOf<Image extends Size>(
  images: readonly Image[],
  { pages, primary }: Named,
  size: Size,
): Image | undefined {
  if (images.length === pages) return images[primary]
  const [first, ...others] = images.filter(image => isOfSize(image, size))
  return others.length === 0 ? first : undefined
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
