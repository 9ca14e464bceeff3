import { open } from 'node:fs/promises'
import {
  BOX_HEADER_BYTES,
  type Box,
  boxes,
  boxSize,
  FULL_BOX_BYTES,
  LARGE_BOX_HEADER_BYTES,
} from '../../privacy/boxes.ts'
import { readAt } from '../mend/read-at.ts'

/** What a HEIF container says of the picture that it shows (ISO/IEC 23008-12), none of it decoded. */
export interface HeifProperties {
  /** In pixels, before it is cropped and turned. */
  width: number
  height: number
  /** Colours by the numbers of ITU-T H.273, where they are said. */
  nclx: Nclx | null
  /** What is done to the picture when it is shown, in this order. */
  transforms: readonly Transform[]
  /** Where in the file they stand. */
  places: readonly { type: Transform['type']; at: number }[]
  /** What is done to its opacity, which is a picture of its own; null without one. */
  alphaTransforms: readonly Transform[] | null
}

export interface Nclx {
  primaries: number
  transfer: number
  matrix: number
}

export type Transform =
  | { type: 'clap'; width: number; height: number; offX: number; offY: number }
  /** Quarter turns against the clock. */
  | { type: 'irot'; turns: number }
  /** Along which axis it is mirrored: 0 turns top and bottom, 1 left and right. */
  | { type: 'imir'; axis: number }

const MAX_META_BYTES = 4 * 1024 * 1024
const MAX_BOXES = 1000

/** Null where the container does not say it in a way that can be read: then decoders have the word. */
export async function readHeifProperties(path: string): Promise<HeifProperties | null> {
  const meta = await readMeta(path)
  if (!meta) return null
  try {
    return propertiesOf([...boxes(meta.bytes.subarray(FULL_BOX_BYTES))], meta.at - meta.bytes.byteOffset)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** The box that describes all items; everything else is skipped. */
async function readMeta(path: string): Promise<{ bytes: Buffer; at: number } | null> {
  await using file = await open(path)
  const { size } = await file.stat()
  for (let at = 0, n = 0; n < MAX_BOXES && at + BOX_HEADER_BYTES <= size; n++) {
    const header = Buffer.alloc(LARGE_BOX_HEADER_BYTES)
    ;(await readAt(file, at, header.length)).copy(header)
    const length = boxSize(header, size - at)
    const headBytes = header.readUInt32BE(0) === 1 ? LARGE_BOX_HEADER_BYTES : BOX_HEADER_BYTES
    if (length < headBytes) return null
    if (header.toString('latin1', 4, 8) === 'meta')
      return length > MAX_META_BYTES
        ? null
        : { bytes: await readAt(file, at + headBytes, length - headBytes), at: at + headBytes }
    at += length
  }
  return null
}

/** `shift` is from where something stands in memory to where it stands in the file. */
function propertiesOf(meta: readonly Box[], shift: number): HeifProperties | null {
  const primary = primaryOf(meta)
  const own = ownProperties(meta)
  const shown = own.get(primary)
  const size = shown?.find(({ type }) => type === 'ispe')?.bytes
  if (!shown || !size) return null
  const alpha = auxiliariesOf(meta, primary)
    .map(id => own.get(id) ?? [])
    .find(properties => properties.some(isAlpha))
  const color = shown.find(({ type, bytes }) => type === 'colr' && bytes.toString('latin1', 0, 4) === 'nclx')?.bytes
  return {
    ...{ width: size.readUInt32BE(4), height: size.readUInt32BE(8) },
    nclx: color
      ? { primaries: color.readUInt16BE(4), transfer: color.readUInt16BE(6), matrix: color.readUInt16BE(8) }
      : null,
    transforms: transformsOf(shown),
    places: shown.filter(isTransform).map(({ type, bytes }) => ({ type, at: bytes.byteOffset + shift })),
    alphaTransforms: alpha ? transformsOf(alpha) : null,
  }
}

const isTransform = (box: Box): box is Box & { type: Transform['type'] } => Object.hasOwn(TRANSFORMS, box.type)

const transformsOf = (properties: readonly Box[]): Transform[] =>
  properties.filter(isTransform).map(({ type, bytes }) => TRANSFORMS[type](bytes))

const TRANSFORMS: Record<Transform['type'], (bytes: Buffer) => Transform> = {
  clap: bytes => {
    const fraction = (at: number) => bytes.readInt32BE(at) / bytes.readInt32BE(at + 4)
    return { type: 'clap', width: fraction(0), height: fraction(8), offX: fraction(16), offY: fraction(24) }
  },
  irot: bytes => ({ type: 'irot', turns: bytes.readUInt8(0) & 3 }),
  imir: bytes => ({ type: 'imir', axis: bytes.readUInt8(0) & 1 }),
}

const isAlpha = ({ type, bytes }: Box): boolean =>
  type === 'auxC' && /:alpha\0|:auxid:1\0/.test(bytes.toString('latin1', FULL_BOX_BYTES))

const find = (list: readonly Box[], type: string): Buffer | undefined => list.find(box => box.type === type)?.bytes

function primaryOf(meta: readonly Box[]): number {
  const bytes = find(meta, 'pitm')
  if (!bytes) return 0
  return bytes[0] === 0 ? bytes.readUInt16BE(FULL_BOX_BYTES) : bytes.readUInt32BE(FULL_BOX_BYTES)
}

/** The items that say something about this one: thumbnails are named the other way round. */
function auxiliariesOf(meta: readonly Box[], primary: number): number[] {
  const bytes = find(meta, 'iref')
  if (!bytes) return []
  const idBytes = bytes[0] === 0 ? 2 : 4
  return [...boxes(bytes.subarray(FULL_BOX_BYTES))].flatMap(({ type, bytes }) => {
    if (type !== 'auxl') return []
    const from = bytes.readUIntBE(0, idBytes)
    const count = bytes.readUInt16BE(idBytes)
    const to = Array.from({ length: count }, (_, n) => bytes.readUIntBE(idBytes + 2 + n * idBytes, idBytes))
    return to.includes(primary) ? [from] : []
  })
}

/** By the id of each item: its properties, in their order. */
function ownProperties(meta: readonly Box[]): Map<number, Box[]> {
  const inside = [...boxes(find(meta, 'iprp') ?? Buffer.alloc(0))]
  const all = [...boxes(find(inside, 'ipco') ?? Buffer.alloc(0))]
  const own = new Map<number, Box[]>()
  for (const { type, bytes } of inside) {
    if (type !== 'ipma') continue
    const isWide = ((bytes[3] ?? 0) & 1) === 1
    const idBytes = bytes[0] === 0 ? 2 : 4
    let at = FULL_BOX_BYTES + 4
    for (let left = bytes.readUInt32BE(FULL_BOX_BYTES); left > 0; left--) {
      const id = bytes.readUIntBE(at, idBytes)
      const count = bytes.readUInt8(at + idBytes)
      at += idBytes + 1
      const indexes = Array.from({ length: count }, (_, n) =>
        isWide ? bytes.readUInt16BE(at + n * 2) & 0x7fff : bytes.readUInt8(at + n) & 0x7f,
      )
      own.set(
        id,
        indexes.flatMap(index => all[index - 1] ?? []),
      )
      at += count * (isWide ? 2 : 1)
    }
  }
  return own
}
