import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'

/**
 * Tells the code below some folders from any other version of it, by the size and time of every file.
 * @param also what else the result depends on
 * @returns 64 hexadecimal digits
 */
export async function codeVersion(folders: readonly string[], also: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([process.version, ...also]))
  for (const folder of folders) {
    const names = (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.ts')).toSorted()
    const files = await Promise.all(names.map(name => stat(path.join(folder, name))))
    hash.update(JSON.stringify([folder, names, files.map(({ size, mtimeMs }) => [size, mtimeMs])]))
  }
  return hash.digest('hex')
}
