import type { FileHandle } from 'node:fs/promises'
import { BOX_HEADER_BYTES, type BoxHeader, LARGE_BOX_HEADER_BYTES, readBoxHeader } from './boxes.ts'

/** A box of a file, by its header alone: an index may have hundreds of MB. */
export interface FileBox extends BoxHeader {
  /** Where its header begins. */
  at: number
  /** Its first bytes, as many as were asked for and are there. */
  head: Buffer
  /** Whether it is no smaller than its header and ends where the others do, or before. */
  fits: boolean
}

/**
 * Returns the boxes that lie one after the other in a part of a file. It ends with one that does not fit, be it the few bytes behind the
 * last box, whose type is then empty.
 * @param headBytes how much of each box is read, at least 16
 */
export async function* fileBoxes(
  file: FileHandle,
  { from = 0, to, headBytes = LARGE_BOX_HEADER_BYTES }: { from?: number; to: number; headBytes?: number },
): AsyncGenerator<FileBox> {
  for (let at = from; at < to; ) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, at)
    const head = buffer.subarray(0, Math.min(bytesRead, to - at))
    const isBox = head.length >= BOX_HEADER_BYTES
    const header = isBox ? readBoxHeader(head, to - at) : { type: '', headerBytes: BOX_HEADER_BYTES, size: 0 }
    const fits = header.size >= header.headerBytes && at + header.size <= to
    yield { ...header, at, head, fits }
    if (!fits) return
    at += header.size
  }
}
