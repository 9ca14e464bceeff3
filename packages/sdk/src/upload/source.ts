import { DarkroomError } from '../errors.ts'

/** A file wherever it lies: its size is known, and every range of it can be read again. */
export interface Source {
  name: string
  /** Media type; '' where nobody knows it, and the service goes by the name. */
  contentType: string
  byteSize: number
  /** When it was changed last, in ms since 1970; null where that is not known. */
  lastModified: number | null
  /**
   * Reads from `start` up to `end`, which is not included.
   * @throws FILE_UNREADABLE, FILE_CHANGED
   */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>
  /** Throws FILE_CHANGED when it is not what it was when it was opened. */
  assertUnchanged(): Promise<void>
  close(): Promise<void>
}

/** What can be uploaded. A stream is read to its end first, because the service wants to know the size. */
export type UploadInput = Blob | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | Source

export interface SourceNames {
  filename?: string | undefined
  contentType?: string | undefined
}

/** Opens what is to be uploaded. */
export async function openSource(input: UploadInput, names: SourceNames): Promise<Source> {
  if (input instanceof Blob) return blobSource(input, names)
  if (input instanceof Uint8Array) return blobSource(new Blob([input]), names)
  if (input instanceof ReadableStream) return blobSource(await new Response(input).blob(), names)
  return input
}

function blobSource(blob: Blob, { filename, contentType }: SourceNames): Source {
  const isFile = typeof File !== 'undefined' && blob instanceof File
  return {
    name: filename || (isFile && blob.name) || 'unnamed',
    contentType: contentType ?? blob.type,
    byteSize: blob.size,
    lastModified: isFile ? blob.lastModified : null,
    async read(start, end) {
      // A browser refuses to read a file that was changed on disk.
      const bytes = await blob.slice(start, end).arrayBuffer().catch(unreadable)
      return new Uint8Array(bytes)
    },
    assertUnchanged: async () => undefined,
    close: async () => undefined,
  }
}

export function unreadable(cause: unknown): never {
  throw new DarkroomError({ code: 'FILE_UNREADABLE', message: 'The file can no longer be read.' }, { cause })
}

export const changedFile = () =>
  new DarkroomError({ code: 'FILE_CHANGED', message: 'The file changed while it was uploaded.' })
