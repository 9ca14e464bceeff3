import type { FileHandle } from 'node:fs/promises'

/** Reads at most so many bytes of a file from `position` on: less at its end, none behind it. */
export async function readPart(file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, Math.max(0, position))
  return buffer.subarray(0, bytesRead)
}
