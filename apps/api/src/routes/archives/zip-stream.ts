import { PassThrough, Readable } from 'node:stream'
import { ZipFile } from 'yazl'

export interface ZipEntry {
  path: string
  byteSize: number
  modifiedAt: Date
  /** Called when it is this entry's turn. */
  read(): AsyncIterable<Uint8Array>
}

export interface ZipStream {
  /** Of the whole ZIP file. */
  byteSize: number
  body: Readable
}

/**
 * Makes a ZIP file as it is read: no more of it is in memory than what is on its way. Entries are stored as they are, because
 * media is compressed already, and so its size is known before. The body fails when an entry does, or has another size.
 */
export function zipStream(entries: readonly ZipEntry[]): Promise<ZipStream> {
  const zip = new ZipFile()
  const body = new PassThrough()
  let current: Readable | null = null
  for (const { path, byteSize, modifiedAt, read } of entries) {
    zip.addReadStreamLazy(path, { size: byteSize, mtime: modifiedAt, compress: false }, done => {
      current = Readable.from(read(), { objectMode: false })
      current.once('error', error => body.destroy(error))
      done(null, current)
    })
  }
  zip.once('error', error => body.destroy(error as Error))
  body.once('close', () => current?.destroy())
  return new Promise(resolve => {
    const onSize = (byteSize: number): void => resolve({ byteSize, body })
    // The types leave out what it is called with.
    zip.end(undefined, onSize as () => void)
    zip.outputStream.pipe(body)
  })
}
