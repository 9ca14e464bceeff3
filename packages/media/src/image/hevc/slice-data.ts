import { ArithmeticDecoder } from './cabac/arithmetic-decoder.ts'
import { initialStates } from './cabac/contexts.ts'
import { CodingTree } from './coding-tree.ts'
import { skipSao } from './sao.ts'
import { blocksOf, type SliceHeader } from './slice-header.ts'
import { UnsupportedSyntax } from './unsupported-syntax.ts'

/** How far a picture has been read; blocks are counted from left to right and top to bottom, as they are coded. */
export interface PictureProgress {
  columns: number
  blocks: number
  allBlocks: number
}

/** @throws UnsupportedSyntax where it is larger than what may be decoded: the decoder has the word */
export function startPicture({ sps }: SliceHeader, maxPixels: number): PictureProgress {
  if (sps.width * sps.height > maxPixels) throw new UnsupportedSyntax('a picture of many pixels')
  const { columns, rows } = blocksOf(sps)
  return { columns, blocks: 0, allBlocks: columns * rows }
}

/**
 * Reads past the blocks of one slice (ITU-T H.265, 7.3.8.1), up to where it says that it ends.
 * @returns whether that is where its bytes end: a decoder that has lost its way comes out somewhere else
 * @throws RangeError where no encoder can have written what is there
 */
export function isCompleteSlice(rbsp: Buffer, slice: SliceHeader, picture: PictureProgress): boolean {
  if (picture.blocks !== slice.address) return false
  const { syncsRows } = slice.pps
  const { columns } = picture
  const decoder = new ArithmeticDecoder(rbsp, slice.dataAt, initialStates(slice.qp))
  const tree = new CodingTree(slice.sps, slice.pps, decoder)
  let learntAbove: Uint8Array | null = null
  for (;;) {
    readBlock(picture, decoder, tree, slice)
    picture.blocks++
    const column = picture.blocks % columns
    // What was learnt in the first two blocks of a row is what the next row begins with (9.3.2.4).
    if (syncsRows && column === 2 % columns && columns > 1) learntAbove = decoder.states.slice()
    if (decoder.isPastEnd) return false
    if (decoder.isEnd()) return decoder.isAligned && isZero(rbsp, decoder.nextByte)
    if (picture.blocks === picture.allBlocks) return false
    if (!syncsRows || column > 0) continue
    if (!decoder.isEnd() || !decoder.isAligned) return false
    decoder.states = learntAbove ?? initialStates(slice.qp)
    decoder.start(decoder.nextByte)
    learntAbove = null
  }
}

function readBlock(
  { blocks, columns }: PictureProgress,
  decoder: ArithmeticDecoder,
  tree: CodingTree,
  slice: SliceHeader,
): void {
  // What is in another slice is not referred to.
  const hasLeft = blocks % columns > 0 && blocks - 1 >= slice.address
  const hasAbove = blocks - columns >= slice.address
  skipSao(decoder, slice, hasLeft, hasAbove)
  const { log2Ctb } = slice.sps
  tree.read({ x: (blocks % columns) << log2Ctb, y: Math.floor(blocks / columns) << log2Ctb, hasLeft, hasAbove })
}

/** Tells whether only zeros follow, which may pad the end of a slice (7.3.2.10). */
const isZero = (bytes: Buffer, from: number): boolean => bytes.subarray(from).every(byte => byte === 0)
