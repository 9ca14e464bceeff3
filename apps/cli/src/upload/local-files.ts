import { opendir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { CommandError, EXIT } from '../exit-codes.ts'

/** A file to upload. */
export interface LocalFile {
  /** As a person knows it; `-` for standard input. */
  shown: string
  path: string
  filename: string
  /** Of its folder below the one that was named, with slashes; '' directly in it. */
  folder: string
  byteSize: number
  changedAt: number
}

/**
 * Yields the files of the arguments, and those in folders with their place in it; never what is hidden or a link in a folder.
 * @throws CommandError for what is not there
 */
export async function* filesOf(paths: readonly string[]): AsyncGenerator<LocalFile> {
  for (const path of paths) {
    const found = await stat(path).catch(error => {
      throw new CommandError(`${path} cannot be read: ${error.message}`, EXIT.usage)
    })
    if (found.isDirectory()) yield* filesIn(path, '')
    else yield fileAt(path, '', found)
  }
}

async function* filesIn(path: string, folder: string): AsyncGenerator<LocalFile> {
  for await (const entry of await opendir(path)) {
    if (entry.name.startsWith('.')) continue
    const inner = join(path, entry.name)
    if (entry.isDirectory()) yield* filesIn(inner, folder === '' ? entry.name : `${folder}/${entry.name}`)
    else if (entry.isFile()) yield fileAt(inner, folder, await stat(inner))
  }
}

const fileAt = (path: string, folder: string, { size, mtimeMs }: { size: number; mtimeMs: number }): LocalFile => ({
  shown: path,
  path: resolve(path),
  filename: basename(path),
  folder,
  byteSize: size,
  changedAt: Math.round(mtimeMs),
})
