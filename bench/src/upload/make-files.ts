import { randomFillSync } from 'node:crypto'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileSet } from './options.ts'

const CHUNK_BYTES = 8 * 1024 * 1024

/** Makes files of bytes that nothing compresses and of which none are alike. */
export async function makeFiles(folder: string, { count, byteSize, extension }: FileSet): Promise<void> {
  await mkdir(folder, { recursive: true })
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, byteSize))
  for (let index = 0; index < count; index++) {
    const file = await open(join(folder, `file-${String(index).padStart(4, '0')}.${extension}`), 'w')
    for (let left = byteSize; left > 0; left -= buffer.length) {
      await file.writeFile(randomFillSync(buffer).subarray(0, left))
    }
    await file.close()
  }
}
