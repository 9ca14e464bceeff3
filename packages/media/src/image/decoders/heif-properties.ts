import { type Box, boxes, FULL_BOX_BYTES } from '../../isobmff/boxes.ts'
import { auxiliariesOf, isAlpha, ownProperties, primaryOf, readMeta } from './heif-meta.ts'

/** What a HEIF container says of the image that it shows (ISO/IEC 23008-12), none of it decoded. */
export interface HeifProperties {
  /** In pixels, before it is cropped and turned. */
  width: number
  height: number
  /** Colours by the numbers of ITU-T H.273, where they are said. */
  nclx: Nclx | null
  /** What is done to the image when it is shown, in this order. */
  transforms: readonly Transform[]
  /** Where in the file they stand. */
  places: readonly { type: Transform['type']; at: number }[]
  /** What is done to its opacity, which is an image of its own; null without one. */
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
  | { type: 'irot'; angle: number }
  /** Along which axis it is mirrored: 0 turns top and bottom, 1 left and right. */
  | { type: 'imir'; axis: number }

/** Reads what a HEIF container says of its image; null where the container does not say it in a way that can be read: then decoders have the word. */
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

/** Reads the properties of a HEIF. `shift` is the offset from a position in memory to the position in the file. */
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
    width: size.readUInt32BE(4),
    height: size.readUInt32BE(8),
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
  irot: bytes => ({ type: 'irot', angle: bytes.readUInt8(0) & 3 }),
  imir: bytes => ({ type: 'imir', axis: bytes.readUInt8(0) & 1 }),
}
