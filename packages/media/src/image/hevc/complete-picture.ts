import { type Pps, readPps } from './pps.ts'
import { rbspReader, unescaped } from './rbsp.ts'
import { isCompleteSlice, type PictureProgress, startPicture } from './slice-data.ts'
import { readSliceHeader } from './slice-header.ts'
import { readSps, type Sps } from './sps.ts'
import { UnsupportedSyntax } from './unsupported-syntax.ts'

// ITU-T H.265, table 7-1.
const NAL = { idrWithLeading: 19, idr: 20, lastIntra: 23, lastSlice: 31, sps: 33, pps: 34 }
const NAL_HEADER_BYTES = 2
/** Encoders write some hundred. It is read for each tile, of which there are hundreds. */
const MAX_CONFIG_BYTES = 16 * 1024

/**
 * Returns whether every block of a picture in HEVC can be read to its end, without making a pixel. Damaged data put an arithmetic decoder off
 * its way for good: it meets what cannot be, or does not come out where the data end. Decoders show whatever they get then, and say
 * nothing.
 * @param config the `hvcC` of the picture (ISO/IEC 14496-15, 8.3.3.1)
 * @param data its NAL units, each behind its length
 * @returns null where the picture uses what is not covered here, or its configuration cannot be read
 */
export function isCompletePicture(config: Buffer, data: Buffer, maxPixels: number): boolean | null {
  if (config.length > MAX_CONFIG_BYTES) return null
  try {
    const { lengthBytes, nals } = readConfig(config)
    const sets = { sps: new Map<number, Sps>(), pps: new Map<number, Pps>() }
    for (const nal of nals) readSets(nal, sets)
    return isWhole(data, lengthBytes, sets, maxPixels)
  } catch (error) {
    if (error instanceof UnsupportedSyntax || error instanceof RangeError) return null
    throw error
  }
}

interface Sets {
  sps: Map<number, Sps>
  pps: Map<number, Pps>
}

function readConfig(config: Buffer): { lengthBytes: number; nals: Buffer[] } {
  const nals: Buffer[] = []
  let at = 23
  for (let arrays = config.readUInt8(22); arrays > 0; arrays--) {
    const count = config.readUInt16BE(at + 1)
    at += 3
    for (let n = 0; n < count; n++) {
      const length = config.readUInt16BE(at)
      nals.push(config.subarray(at + 2, at + 2 + length))
      at += 2 + length
    }
  }
  return { lengthBytes: (config.readUInt8(21) & 3) + 1, nals }
}

const typeOf = (nal: Buffer): number => (nal.readUInt8(0) >> 1) & 63
/** Views for the other eye and the like are not shown. */
const isBase = (nal: Buffer): boolean => (nal.readUInt16BE(0) & 0x1f8) === 0

function readSets(nal: Buffer, { sps, pps }: Sets): void {
  if (nal.length < NAL_HEADER_BYTES || !isBase(nal)) return
  if (typeOf(nal) === NAL.sps) {
    const set = readSps(rbspReader(unescaped(nal), NAL_HEADER_BYTES))
    sps.set(set.id, set)
  } else if (typeOf(nal) === NAL.pps) {
    const set = readPps(rbspReader(unescaped(nal), NAL_HEADER_BYTES))
    pps.set(set.id, set)
  }
}

function isWhole(data: Buffer, lengthBytes: number, sets: Sets, maxPixels: number): boolean {
  let picture: PictureProgress | null = null
  try {
    for (let at = 0; at < data.length; ) {
      const length = data.readUIntBE(at, lengthBytes)
      const nal = data.subarray(at + lengthBytes, at + lengthBytes + length)
      at += lengthBytes + length
      if (nal.length < length || length < NAL_HEADER_BYTES) return false
      readSets(nal, sets)
      if (!isBase(nal) || typeOf(nal) > NAL.lastSlice) continue
      refuseOthers(typeOf(nal))
      const rbsp = unescaped(nal)
      const slice = readSliceHeader(rbsp, sets)
      picture ??= startPicture(slice, maxPixels)
      if (!isCompleteSlice(rbsp, slice, picture)) return false
      // What lies behind it is no part of it.
      if (picture.blocks === picture.allBlocks) return true
    }
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
  return false
}

/** @throws UnsupportedSyntax at intra pictures that say how they refer to others; RangeError at those that do refer to others */
function refuseOthers(type: number): void {
  if (type === NAL.idrWithLeading || type === NAL.idr) return
  if (type >= 16 && type <= NAL.lastIntra) throw new UnsupportedSyntax('a picture out of a sequence')
  throw new RangeError('a picture needs others')
}
