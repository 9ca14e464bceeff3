import { createWriteStream } from 'node:fs'
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DarkroomError } from '../errors.ts'
import {
  changedFile,
  openSource,
  type Source,
  type SourceNames,
  type UploadInput,
  unreadable,
} from '../upload/source.ts'

/** What can be uploaded from Node: a path, a stream of any length, or what a browser has too. */
export type NodeInput = string | NodeJS.ReadableStream | UploadInput

/** Opens what is to be uploaded. A stream is written to a temporary file first, because the service wants to know the size. */
export async function openNodeSource(input: NodeInput, names: SourceNames): Promise<Source> {
  if (typeof input === 'string') return openPath(input, names)
  if (input instanceof ReadableStream) return spool(Readable.fromWeb(input as never), names)
  if (isNodeStream(input)) return spool(input, names)
  return openSource(input, names)
}

const isNodeStream = (input: object): input is NodeJS.ReadableStream => 'pipe' in input

/** A small file is read once: for its fingerprint, its hash and to be sent. */
const READ_ONCE_BYTES = 1024 * 1024

async function openPath(path: string, { filename, contentType }: SourceNames): Promise<Source> {
  const handle = await open(path).catch(unreadable)
  const { size, mtimeMs } = await handle.stat()
  let whole: Promise<Uint8Array<ArrayBuffer>> | null = null
  const readWhole = () => (whole ??= readRange(handle, 0, size))
  return {
    name: filename || basename(path),
    contentType: contentType ?? '',
    byteSize: size,
    lastModified: Math.round(mtimeMs),
    read: async (start, end) =>
      size <= READ_ONCE_BYTES ? (await readWhole()).subarray(start, end) : readRange(handle, start, end),
    async assertUnchanged() {
      const now = await handle.stat().catch(unreadable)
      if (now.size !== size || now.mtimeMs !== mtimeMs) throw changedFile()
    },
    close: () => handle.close(),
  }
}

/** Reads exactly this range, which may take several calls. */
async function readRange(handle: FileHandle, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(end - start)
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at).catch(unreadable)
    if (bytesRead === 0) throw changedFile()
    at += bytesRead
  }
  return bytes
}

async function spool(stream: NodeJS.ReadableStream, names: SourceNames): Promise<Source> {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-upload-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const file = join(folder, 'stream')
    await pipeline(stream, createWriteStream(file, { mode: 0o600 })).catch(cause => {
      throw new DarkroomError({ code: 'FILE_UNREADABLE', message: 'The stream broke off before its end.' }, { cause })
    })
    const source = await openPath(file, { filename: names.filename || 'unnamed', contentType: names.contentType })
    // The date is that of the copy, by which nobody would find the upload again.
    return { ...source, lastModified: null, close: () => source.close().finally(remove) }
  } catch (error) {
    await remove()
    throw error
  }
}
