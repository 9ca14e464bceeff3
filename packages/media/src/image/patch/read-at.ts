import { open } from 'node:fs/promises'

/** Reads the last bytes of a file; fewer where it has no more. */
export async function readTail(path: string, length: number): Promise<Buffer> {
  await using file = await open(path)
  const { size } = await file.stat()
  return await readAt(file, Math.max(0, size - length), length)
}

interface Readable {
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }>
}

/** Reads bytes from here on; fewer where the file ends. */
export async function readAt(file: Readable, position: number, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(position)) return Buffer.alloc(0)
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, position)
  return buffer.subarray(0, bytesRead)
}
