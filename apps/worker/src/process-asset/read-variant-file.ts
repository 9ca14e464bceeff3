import { closeSync, constants, openSync, readSync } from 'node:fs'

/**
 * Reads a file that a media process made, `byteSize` bytes at most. What that process decoded may have taken it over,
 * and then it may replace the file by a link to a secret after the check; so no link is followed. It may also still
 * write to the file. The read is synchronous: for a small new file that costs less than passing the calls to threads.
 */
export function readVariantFile(file: string, byteSize: number): Buffer {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const bytes = Buffer.allocUnsafe(byteSize)
    return bytes.subarray(0, readSync(fd, bytes, 0, byteSize, 0))
  } finally {
    closeSync(fd)
  }
}
