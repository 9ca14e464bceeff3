import { open } from 'node:fs/promises'
import sharp from 'sharp'
import type { ImageFacts } from '../../facts.ts'
import { MediaFault, overLimit } from '../../fault.ts'
import type { Size } from '../../plan/geometry.ts'
import { type Cicp, isHdr, needsMapping } from '../cicp/cicp.ts'
import { openOptions } from '../engine.ts'
import { isTruncated } from '../is-truncated.ts'
import { fromRaster, type Raster, toRaster } from '../raster.ts'
import type { Decoder, HeaderInput, ImageSource, OpenInput } from './decoder.ts'
import { damageOfHeif } from './heif-damage.ts'
import { type HeifProperties, readHeifProperties } from './heif-properties.ts'
import { leavesAlphaBehind, transformed, withoutTransforms } from './heif-upright.ts'
import { openHeif } from './libheif.ts'
import { native } from './native.ts'
import { readLimitedFile } from './read-limited-file.ts'

/**
 * AV1 or HEVC in one container. The libheif of npm's sharp has no HEVC, so those pixels come from another build of it; their
 * profile does not, and is put back from the header.
 */
export const heif: Decoder = {
  async readHeader(input) {
    const header = await native.readHeader(input).catch(async error => {
      if (await isSequence(input.file))
        throw new MediaFault('UNSUPPORTED_TYPE', 'Animated AVIF and HEIF are not supported')
      await checkPixels(input)
      if (MANY_ITEMS.test(String(error)))
        throw new MediaFault('UNSUPPORTED_TYPE', 'HEIC and AVIF with more than 256 items are not supported', {
          cause: error,
        })
      throw error
    })
    await checkPixels(input)
    return header
  },

  async open(input) {
    const { file, facts, limits } = input
    const properties = await readHeifProperties(file)
    const cicp = cicpOf(properties)
    const bytes = facts.details.compression === 'hevc' ? await readHevc(input) : null
    if (properties && leavesAlphaBehind(properties)) return await openTransformed(input, properties, cicp)
    if (!bytes) {
      const source = await native.open(input)
      return source.icc ? source : { ...source, cicp }
    }
    const { icc, exif, pages = 1, pagePrimary = 0 } = await sharp(file, openOptions(limits)).metadata()
    const named = { pages, primary: pagePrimary }
    if (!icc && cicp && isHdr(cicp)) return { icc, exif, cicp, ...(await decodeDeep(bytes, facts, named)) }
    return sourceOf(await decodeHevc(bytes, facts, named), { icc, exif, cicp })
  },
}

/**
 * Reads the file and checks it, because its decoder is less strict than others: it fills in missing data, and shows
 * damaged data.
 * @throws MediaFault TRUNCATED_FILE, CORRUPT_FILE
 */
async function readHevc({ file, facts, limits, warn }: OpenInput): Promise<Buffer> {
  if (await isTruncated(file, facts.contentType)) throw new MediaFault('TRUNCATED_FILE', 'The file is truncated')
  const bytes = await readLimitedFile(file)
  const damage = await damageOfHeif(file, bytes, limits.maxPixels)
  if (damage) warn(damage)
  return bytes
}

/** Returns the colours that the container names, where they differ from sRGB. A profile takes precedence. */
function cicpOf(properties: HeifProperties | null): Cicp | undefined {
  const nclx = properties?.nclx
  return nclx && needsMapping(nclx) ? nclx : undefined
}

/** Opens an image whose alpha must be rotated with its colours. */
async function openTransformed(
  { file, facts, limits }: OpenInput,
  properties: HeifProperties,
  cicp: Cicp | undefined,
): Promise<ImageSource> {
  const { icc, exif } = await sharp(file, openOptions(limits)).metadata()
  const { width, height, transforms } = properties
  const stored = withoutTransforms(await readLimitedFile(file), properties)
  const raster: Raster =
    facts.details.compression === 'hevc'
      ? {
          data: await decodePixels(stored, { width, height }, { pages: 1, primary: 0 }, { bits: 8, channels: 4 }),
          width,
          height,
          channels: 4,
        }
      : await toRaster(sharp(stored, { ...openOptions(limits), ignoreIcc: true }))
  return sourceOf(await transformed(raster, transforms, facts), { icc, exif, cicp })
}

const sourceOf = (raster: Raster, { icc, exif, cicp }: Omit<ImageSource, 'image'>): ImageSource => ({
  icc,
  exif,
  cicp: icc ? undefined : cicp,
  image: ({ ignoreIcc = false } = {}) => fromRaster(icc && !ignoreIcc ? { ...raster, icc } : raster),
})

/**
 * Checks the pixels of everything that is decoded, not only of the visible part. The decoder would call what exceeds
 * its own limit damaged.
 */
async function checkPixels({ file, limits }: HeaderInput): Promise<void> {
  const { width = 0, height = 0 } = (await readHeifProperties(file)) ?? {}
  if (width * height <= limits.maxPixels) return
  const most = `at most ${limits.maxPixels} are allowed`
  throw overLimit('maxPixels', 'TOO_MANY_PIXELS', `The image has ${width} × ${height} pixels; ${most}`)
}

/** What libheif says where libvips lets it read no more: tiles, and what goes with them. Such a file is whole. */
const MANY_ITEMS = /iloc box contains \d+ items/

/** The brands of files that are nothing but a sequence (ISO/IEC 23008-12, 10.3; AVIF 1.1, 6.3). */
const SEQUENCES: ReadonlySet<string> = new Set(['avis', 'msf1', 'hevc', 'hevx'])

async function isSequence(path: string): Promise<boolean> {
  await using file = await open(path)
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 8)
  return SEQUENCES.has(buffer.toString('latin1'))
}

async function decodeHevc(bytes: Buffer, facts: ImageFacts, named: Named): Promise<Raster> {
  const { width, height } = facts
  const channels = facts.hasAlpha ? 4 : 3
  return { data: await decodePixels(bytes, facts, named, { bits: 8, channels }), width, height, channels }
}

/** Decodes with all bits: HDR has too few to lose any. */
async function decodeDeep(bytes: Buffer, facts: ImageFacts, named: Named): Promise<Pick<ImageSource, 'image'>> {
  const { width, height, hasAlpha, bitDepth } = facts
  const channels = hasAlpha ? 4 : 3
  const pixels = await decodePixels(bytes, facts, named, { bits: 16, channels })
  const samples = new Uint16Array(pixels.buffer, pixels.byteOffset, pixels.length / 2)
  // As libvips has them.
  for (let at = 0; at < samples.length; at++) samples[at] = (samples[at] ?? 0) << (16 - bitDepth)
  return { image: () => sharp(samples, { raw: { width, height, channels }, limitInputPixels: false }) }
}

interface Layout {
  bits: 8 | 16
  channels: 3 | 4
}

/** Decodes the pixels; libheif makes the image upright by itself. */
async function decodePixels(file: Buffer, size: Size, named: Named, { bits, channels }: Layout): Promise<Buffer> {
  const heif = await openHeif(file)
  try {
    const image = primaryOf(heif.images, named, size)
    // The header, whose pixels were counted, was read by another program; what this one is about to allocate is what matters.
    if (!image || !isOfSize(image, size)) throw new MediaFault('CORRUPT_FILE', 'The file has contradictory sizes')
    return await image.decode(bits, channels)
  } finally {
    heif.close()
  }
}

/** How many images the header has, and which of them is the one to show. */
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
