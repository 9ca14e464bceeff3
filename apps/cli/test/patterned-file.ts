import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'

/** Of what is not a hole; no divisor of the size of a part. */
const EVERY_BYTES = 999_983
const BLOCK_BYTES = 4096
/** Where the signature of a ZIP archive is, so that it needs no decoder. */
const ZIP_SIGNATURE = Buffer.from('PK\x03\x04\x14\x00', 'latin1')

/** Makes a sparse file that begins like a ZIP archive and has random bytes in every megabyte, so that no part of it is like another. */
export async function makePatternedFile(path: string, byteSize: number): Promise<void> {
  const file = await open(path, 'w')
  await file.truncate(byteSize)
  for (let at = 0; at + BLOCK_BYTES < byteSize; at += EVERY_BYTES)
    await file.write(randomBytes(BLOCK_BYTES), 0, BLOCK_BYTES, at)
  await file.write(ZIP_SIGNATURE, 0, ZIP_SIGNATURE.length, 0)
  await file.close()
}

/** Hashes a file, or what the store has. */
export async function sha256Of(source: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of source) hash.update(chunk)
  return hash.digest('hex')
}

export const sha256OfFile = (path: string): Promise<string> => sha256Of(createReadStream(path))
