import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, link, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { makeFolder, syncFolder } from '@darkroom/core/durable-files'
import { takeProcessLock } from '@darkroom/core/process-lock'
import { CommandError, EXIT } from '../exit-codes.ts'
import { stateFolderOf } from '../xdg-folders.ts'

/** The unfinished file of a download. It has the final name only when it is whole. */
export interface PartFile {
  /** How many bytes are there already. */
  size: number
  /** Appends. */
  write(chunk: Uint8Array): Promise<void>
  /** SHA-256 of all bytes, in hexadecimal. */
  digest(): string
  /** Gives it the final name. @throws CommandError when another file has that name by now */
  finish(): Promise<void>
  /** Deletes it, because its bytes are wrong. */
  discard(): Promise<void>
  /** Closes it, and keeps it for the next run. */
  close(): Promise<void>
}

interface Wanted {
  file: string
  /** Of the file to come, in hexadecimal. Null: an unfinished file cannot be told from that of another version, so it is not kept. */
  sha256: string | null
  mayReplace: boolean
}

/** Opens the unfinished file beside the final one, and reads what an earlier run has got. @throws CommandError when another process writes it */
export async function openPartFile({ file, sha256, mayReplace }: Wanted): Promise<PartFile> {
  const part = join(dirname(file), `.darkroom-${idOf(file, sha256)}.part`)
  const release = await lock(part)
  const handle = await open(part, 'a', 0o666).catch(error => {
    release()
    throw new CommandError(`${file} cannot be written: ${error.message}`, EXIT.failed, { cause: error })
  })
  const hash = createHash('sha256')
  const { size } = await handle.stat()
  // What is there counts only if it is what the store has; the digest at the end shows it.
  if (size > 0) for await (const chunk of createReadStream(part)) hash.update(chunk)
  const close = async () => {
    await handle.close()
    release()
  }
  return {
    size,
    async write(chunk) {
      await writeAll(handle, chunk)
      hash.update(chunk)
    },
    digest: () => hash.copy().digest('hex'),
    async finish() {
      await handle.sync()
      await (mayReplace ? rename(part, file) : moveToFree(part, file))
      await syncFolder(dirname(file))
      await close()
    },
    async discard() {
      await rm(part, { force: true })
      await close()
    },
    async close() {
      if (sha256 === null || (await stat(part)).size === 0) await rm(part, { force: true })
      await close()
    },
  }
}

/** The same file of the same content continues; anything else begins anew. */
const idOf = (file: string, sha256: string | null): string =>
  createHash('sha256')
    .update(`${basename(file)}\n${sha256 ?? randomUUID()}`)
    .digest('hex')
    .slice(0, 24)

/** Keeps two processes from writing one file. The lock is not beside it: not every file system can hold one. */
async function lock(part: string): Promise<() => void> {
  const folder = join(stateFolderOf(process.env), 'locks')
  await makeFolder(folder)
  const taken = takeProcessLock(join(folder, createHash('sha256').update(part).digest('hex').slice(0, 24)))
  if ('lock' in taken) return taken.lock.release
  throw new CommandError(`Process ${taken.holder.pid} downloads the same file. Wait until it ends.`, EXIT.failed)
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length; )
    written += (await handle.write(chunk, written, chunk.length - written)).bytesWritten
}

/** Renames a file unless the name is taken, in one step where the file system has links. */
async function moveToFree(from: string, to: string): Promise<void> {
  const isLinked = await link(from, to).then(
    () => true,
    async error => {
      if (isCode(error, 'EEXIST') || (await exists(to))) throw taken(to)
      return false
    },
  )
  await (isLinked ? rm(from) : rename(from, to))
}

export const taken = (file: string) =>
  new CommandError(`${file} exists. Replace it with --force, or choose another name with --output.`, EXIT.usage)

export const exists = async (file: string): Promise<boolean> => (await stat(file).catch(() => null)) !== null

const isCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code
