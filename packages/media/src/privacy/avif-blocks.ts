import { type Box, boxes, FULL_BOX_BYTES } from '../isobmff/boxes.ts'
import { type Block, EXIF, PROFILE } from './block.ts'
import { heifItemBytes } from './heif-items.ts'

const PLAIN_BOXES = new Set(['ftyp', 'mdat'])
const PLAIN_META = new Set(['hdlr', 'pitm', 'iloc', 'iref'])
const PLAIN_ITEMS = new Set(['av01', 'grid'])
const PLAIN_PROPERTIES = new Set([
  'av1C',
  'ispe',
  'pixi',
  'auxC',
  'irot',
  'imir',
  'clap',
  'pasp',
  'clli',
  'mdcv',
  'ipma',
])
/** An Exif item says first how far behind these bytes its TIFF header is. */
const EXIF_OFFSET_BYTES = 4

/**
 * Returns the items and properties of an AVIF that are not about pixels.
 * ISO/IEC 23008-12 (HEIF), https://aomediacodec.github.io/av1-avif/
 */
export function* avifBlocks(file: Buffer): Generator<Block> {
  for (const { type, bytes } of boxes(file)) {
    if (type === 'meta') yield* metaBlocks(file, [...boxes(bytes.subarray(FULL_BOX_BYTES))])
    else if (!PLAIN_BOXES.has(type)) yield { name: `box ${type}`, bytes }
  }
}

function* metaBlocks(file: Buffer, meta: readonly Box[]): Generator<Block> {
  const locations = meta.find(({ type }) => type === 'iloc')?.bytes
  for (const { type, bytes } of meta) {
    if (type === 'iinf') yield* itemBlocks(file, bytes, locations)
    else if (type === 'iprp') yield* propertyBlocks(bytes)
    else if (!PLAIN_META.has(type)) yield { name: `box ${type}`, bytes }
  }
}

function* itemBlocks(file: Buffer, list: Buffer, locations: Buffer | undefined): Generator<Block> {
  const countBytes = list[0] === 0 ? 2 : 4
  for (const { bytes } of boxes(list.subarray(FULL_BOX_BYTES + countBytes))) {
    const idBytes = bytes[0] === 2 ? 2 : 4
    const id = bytes.readUIntBE(FULL_BOX_BYTES, idBytes)
    // Between the two lies the index of the item's protection.
    const typeAt = FULL_BOX_BYTES + idBytes + 2
    const type = bytes.toString('latin1', typeAt, typeAt + 4)
    if (type === 'Exif' && locations) {
      const content = heifItemBytes(file, locations, id)
      yield { name: EXIF, bytes: content.subarray(EXIF_OFFSET_BYTES + content.readUInt32BE(0)) }
    } else if (!PLAIN_ITEMS.has(type)) yield { name: `item ${type}`, bytes }
  }
}

function* propertyBlocks(properties: Buffer): Generator<Block> {
  for (const { type, bytes } of boxes(properties)) {
    if (type === 'ipco') yield* propertyBlocks(bytes)
    else if (type === 'colr') yield* colorBlocks(bytes)
    else if (!PLAIN_PROPERTIES.has(type)) yield { name: `property ${type}`, bytes }
  }
}

/** Yields the colour information: numbers of a standard (`nclx`) or a profile. */
function* colorBlocks(bytes: Buffer): Generator<Block> {
  if (bytes.toString('latin1', 0, 4) !== 'nclx') yield { name: PROFILE, bytes: bytes.subarray(4) }
}
