import { open } from 'node:fs/promises'
import { type Box, boxes, FULL_BOX_BYTES } from '../../isobmff/boxes.ts'
import { fileBoxes } from '../../isobmff/file-boxes.ts'
import { readAt } from '../patch/read-at.ts'

const MAX_META_BYTES = 4 * 1024 * 1024
const MAX_BOXES = 1000

/** Reads the box that describes all items; everything else is skipped. */
export async function readMeta(path: string): Promise<{ bytes: Buffer; at: number } | null> {
  await using file = await open(path)
  const { size } = await file.stat()
  let left = MAX_BOXES
  for await (const { type, at, headerBytes, size: boxBytes } of fileBoxes(file, { to: size })) {
    if (left-- === 0) return null
    if (type !== 'meta') continue
    if (boxBytes < headerBytes || boxBytes > MAX_META_BYTES) return null
    return { bytes: await readAt(file, at + headerBytes, boxBytes - headerBytes), at: at + headerBytes }
  }
  return null
}

/** Of the name of what an auxiliary image is for; thousands of items may share a box of megabytes. */
const MAX_NAME_BYTES = 256

export const isAlpha = ({ type, bytes }: Box): boolean =>
  type === 'auxC' && /:alpha\0|:auxid:1\0/.test(bytes.toString('latin1', FULL_BOX_BYTES, MAX_NAME_BYTES))

export const find = (list: readonly Box[], type: string): Buffer | undefined =>
  list.find(box => box.type === type)?.bytes

export function primaryOf(meta: readonly Box[]): number {
  const bytes = find(meta, 'pitm')
  if (!bytes) return 0
  return bytes[0] === 0 ? bytes.readUInt16BE(FULL_BOX_BYTES) : bytes.readUInt32BE(FULL_BOX_BYTES)
}

/** Returns the items that say something about this one: thumbnails are named the other way round. */
export const auxiliariesOf = (meta: readonly Box[], primary: number): number[] =>
  referencesOf(meta, 'auxl').flatMap(({ from, to }) => (to.includes(primary) ? [from] : []))

/** Returns which item names which others, for one purpose (ISO/IEC 14496-12, 8.11.12). */
export function referencesOf(meta: readonly Box[], purpose: string): { from: number; to: number[] }[] {
  const bytes = find(meta, 'iref')
  if (!bytes) return []
  const idBytes = bytes[0] === 0 ? 2 : 4
  return [...boxes(bytes.subarray(FULL_BOX_BYTES))].flatMap(({ type, bytes }) => {
    if (type !== purpose) return []
    const from = bytes.readUIntBE(0, idBytes)
    const count = bytes.readUInt16BE(idBytes)
    return [{ from, to: Array.from({ length: count }, (_, n) => bytes.readUIntBE(idBytes + 2 + n * idBytes, idBytes)) }]
  })
}

/** Returns the properties of each item by its id, in their order. */
export function ownProperties(meta: readonly Box[]): Map<number, Box[]> {
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
