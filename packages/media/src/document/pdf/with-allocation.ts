import { MediaFault } from '../../fault.ts'
import type { PdfiumMemory } from './pdfium.ts'

/**
 * Allocates a piece of the renderer's memory for the time of a call.
 * @throws MediaFault RESOURCE_LIMIT
 */
export function withAllocation<T>({ wasmExports }: PdfiumMemory, bytes: number, use: (pointer: number) => T): T {
  const pointer = wasmExports.malloc(bytes) >>> 0
  if (pointer === 0) throw new MediaFault('RESOURCE_LIMIT', `${bytes} bytes for a page are more than allowed`)
  try {
    return use(pointer)
  } finally {
    wasmExports.free(pointer)
  }
}
