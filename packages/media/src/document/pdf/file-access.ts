import { readSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { MediaFault } from '../../fault.ts'
import type { PdfiumMemory } from './pdfium.ts'

/** A file position has 32 bits in `FPDF_FILEACCESS` of a 32-bit build. */
const MAX_FILE_BYTES = 2 ** 32 - 1
/** Size, callback, parameter (fpdfview.h). */
const STRUCT_BYTES = 12

/**
 * Lets the renderer read a file piece by piece; returns the address of its `FPDF_FILEACCESS`.
 * @throws MediaFault TOO_LARGE from 4 GiB on
 */
export async function fileAccess(memory: PdfiumMemory, file: FileHandle): Promise<number> {
  const { size } = await file.stat()
  if (size > MAX_FILE_BYTES) throw new MediaFault('TOO_LARGE', 'A PDF can have at most 4 GiB')
  const readBlock = (_parameter = 0, position = 0, pointer = 0, bytes = 0): number =>
    Number(readSync(file.fd, memory.HEAPU8, pointer >>> 0, bytes >>> 0, position >>> 0) === bytes >>> 0)
  const callback = memory.addFunction(readBlock, 'iiiii')
  const pointer = memory.wasmExports.malloc(STRUCT_BYTES)
  const struct = new DataView(memory.HEAPU8.buffer, pointer, STRUCT_BYTES)
  for (const [at, value] of [size, callback, 0].entries()) struct.setUint32(at * 4, value, true)
  return pointer
}
