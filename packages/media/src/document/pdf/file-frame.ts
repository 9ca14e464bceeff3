import { type FileHandle, open } from 'node:fs/promises'
import { HEADER_BYTES, headerAt } from '../../probe/pdf-header.ts'

/** How a PDF begins and ends, as far as that is not as it should be. */
export interface FileFrame {
  /** In front of its header. */
  bytesBefore: number
  /** It lacks what every PDF ends with. */
  isCut: boolean
}

export async function fileFrame(path: string): Promise<FileFrame> {
  await using file = await open(path)
  const { size } = await file.stat()
  const head = await read(file, 0, HEADER_BYTES)
  const tail = await read(file, Math.max(0, size - TAIL_BYTES), TAIL_BYTES)
  const end = withoutPadding(tail).subarray(-END_BYTES).toString('latin1')
  return { bytesBefore: Math.max(0, headerAt(head)), isCut: !ENDS.some(word => end.includes(word)) }
}

const TAIL_BYTES = 64 * 1024
/** Readers look for the end in the last 1,024 bytes; a signature or a stray line may follow. */
const END_BYTES = 2048
const ENDS = ['%%EOF', 'startxref']

/** Some disks and senders fill up the last block: with zeros, or with white space of PDF (ISO 32000-1, 7.2.2). */
const PADDING: ReadonlySet<number | undefined> = new Set([0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20])

/** Removes padding from the end, byte by byte: a regular expression would start again at each blank. */
function withoutPadding(bytes: Buffer): Buffer {
  let end = bytes.length
  while (end > 0 && PADDING.has(bytes[end - 1])) end--
  return bytes.subarray(0, end)
}

async function read(file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, position)
  return buffer.subarray(0, bytesRead)
}
