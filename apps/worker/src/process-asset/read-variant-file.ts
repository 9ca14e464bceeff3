import { closeSync, constants, openSync, readSync } from 'node:fs'

/**
 * The bytes of a file that a media process made, `byteSize` at most. That process may have been taken over by what it decoded,
 * and may put a link to a secret of ours in the file's place once the file was looked at, so no link is followed; and it may
 * still write to it. A small file that was just written is read at once for less than it costs to hand the calls to threads.
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
