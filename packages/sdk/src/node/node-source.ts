import { createWriteStream, type Stats } from 'node:fs'
import { type FileHandle, mkdtemp, open, readFile, rm, stat } from 'node:fs/promises'
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
  const { size, mtimeMs } = await stat(path).catch(unreadable)
  const isSmall = size <= READ_ONCE_BYTES
  return {
    name: filename || basename(path),
    contentType: contentType ?? '',
    byteSize: size,
    lastModified: Math.round(mtimeMs),
    ...(isSmall ? smallFile(path, { size, mtimeMs }) : await largeFile(path, { size, mtimeMs })),
  }
}

type Access = Pick<Source, 'read' | 'assertUnchanged' | 'close'>
type Version = Pick<Stats, 'size' | 'mtimeMs'>

/** What was read whole stays what it was, whatever becomes of the file. */
function smallFile(path: string, version: Version): Access {
  let whole: Promise<Uint8Array<ArrayBuffer>> | null = null
  async function readWhole() {
    const bytes = await readFile(path).catch(unreadable)
    assertSame(version, await stat(path).catch(unreadable))
    if (bytes.length !== version.size) throw changedFile()
    return bytes
  }
  return {
    async read(start, end) {
      whole ??= readWhole()
      return (await whole).subarray(start, end)
    },
    assertUnchanged: async () => undefined,
    close: async () => undefined,
  }
}

async function largeFile(path: string, version: Version): Promise<Access> {
  const handle = await open(path).catch(unreadable)
  return {
    read: (start, end) => readRange(handle, start, end),
    assertUnchanged: async () => assertSame(version, await handle.stat().catch(unreadable)),
    close: () => handle.close(),
  }
}

function assertSame(version: Version, now: Version): void {
  if (now.size !== version.size || now.mtimeMs !== version.mtimeMs) throw changedFile()
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
