import { randomBytes } from 'node:crypto'
import { closeSync, fdatasync, openSync, read, renameSync, rmSync, writev } from 'node:fs'
import { mkdir, readdir, rm, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeFolder } from '@darkroom/core/durable-files'
import { openGroupSync } from './group-sync.ts'

/** A run of bytes in one blob file. */
export type Segment = readonly [file: string, offset: number, length: number]

export type BlobFiles = Awaited<ReturnType<typeof openBlobFiles>>

const readAsync = promisify(read)
const writevAsync = promisify(writev)
const fdatasyncAsync = promisify(fdatasync)

const writeBatchBytes = 1024 * 1024
const readChunkBytes = 512 * 1024

/** Writes while the next chunks arrive and are hashed: one write is in flight, the rest gather into the next `writev`. */
async function writeAll(fd: number, chunks: AsyncIterable<Buffer>): Promise<number> {
  let gathered: Buffer[] = []
  let gatheredBytes = 0
  let size = 0
  let inFlight: Promise<void> = Promise.resolve()
  let idle = true

  async function writeGathered(): Promise<void> {
    idle = false
    while (gathered.length > 0) {
      let rest = gathered
      gathered = []
      gatheredBytes = 0
      while (rest.length > 0) rest = after(rest, (await writevAsync(fd, rest)).bytesWritten)
    }
    idle = true
  }

  try {
    for await (const chunk of chunks) {
      gathered.push(chunk)
      gatheredBytes += chunk.length
      size += chunk.length
      if (gatheredBytes < writeBatchBytes) continue
      if (idle) inFlight = writeGathered()
      else await inFlight
      // The failure is thrown by the `await` above or below; this keeps it from being unhandled until then.
      inFlight.catch(() => undefined)
    }
    await inFlight
    if (gathered.length > 0) await writeGathered()
    return size
  } finally {
    await inFlight.catch(() => undefined)
  }
}

function after(buffers: Buffer[], bytes: number): Buffer[] {
  let left = bytes
  const rest: Buffer[] = []
  for (const buffer of buffers) {
    if (left >= buffer.length) left -= buffer.length
    else {
      rest.push(left > 0 ? buffer.subarray(left) : buffer)
      left = 0
    }
  }
  return rest
}

/**
 * Opens immutable files below `blobs/`, named by the store and never by a key. A file that is being read is unlinked only
 * after its last reader: between a metadata read and the open there is no other hold on it.
 */
export async function openBlobFiles(dataDir: string) {
  const blobDir = join(dataDir, 'blobs')
  const tempDir = join(dataDir, 'tmp')
  await rm(tempDir, { recursive: true, force: true })
  await mkdir(tempDir, { recursive: true })
  await makeFolder(blobDir)
  const blobDirSync = await openGroupSync(blobDir)
  const readers = new Map<string, number>()
  const doomed = new Set<string>()
  const unlinking = new Set<Promise<void>>()

  function unlinkSoon(file: string) {
    // A file left behind by a failed unlink is unreferenced, and removed by the sweep of the next start.
    const work = unlink(join(blobDir, file)).then(undefined, () => undefined)
    unlinking.add(work)
    void work.then(() => unlinking.delete(work))
  }

  function hold(files: Iterable<string>): () => void {
    const held = new Set(files)
    for (const file of held) readers.set(file, (readers.get(file) ?? 0) + 1)
    return () => {
      for (const file of held) {
        const left = (readers.get(file) ?? 1) - 1
        if (left > 0) readers.set(file, left)
        else {
          readers.delete(file)
          if (doomed.delete(file)) unlinkSoon(file)
        }
      }
      held.clear()
    }
  }

  async function* readSegment([file, offset, length]: Segment): AsyncGenerator<Buffer> {
    if (length === 0) return
    const fd = openSync(join(blobDir, file), 'r')
    try {
      let position = offset
      const end = offset + length
      while (position < end) {
        const wanted = Math.min(readChunkBytes, end - position)
        const { bytesRead, buffer } = await readAsync(fd, Buffer.allocUnsafe(wanted), 0, wanted, position)
        if (bytesRead === 0) throw new Error(`blob ${file} is shorter than its record`)
        position += bytesRead
        yield bytesRead === wanted ? buffer : buffer.subarray(0, bytesRead)
      }
    } finally {
      closeSync(fd)
    }
  }

  return {
    /**
     * Streams to a temp file, renames it, and makes file and folder durable together: no record refers to the blob until
     * both are, so their order does not matter. Opens and renames touch only the page cache and are cheaper done at once
     * than handed to a thread. On any failure nothing is left.
     */
    async write(chunks: AsyncIterable<Buffer>): Promise<Segment> {
      const file = randomBytes(16).toString('hex')
      const temp = join(tempDir, file)
      const final = join(blobDir, file)
      const fd = openSync(temp, 'wx')
      try {
        const size = await writeAll(fd, chunks)
        renameSync(temp, final)
        await Promise.all([fdatasyncAsync(fd), blobDirSync.sync()])
        return [file, 0, size]
      } catch (cause) {
        rmSync(temp, { force: true })
        rmSync(final, { force: true })
        throw cause
      } finally {
        closeSync(fd)
      }
    },

    /** Reads segments one after another; `release` must be called when the reader is done or gone. */
    read(segments: readonly Segment[]): { chunks: AsyncGenerator<Buffer>; release: () => void } {
      const release = hold(segments.map(([file]) => file))
      async function* chunks(): AsyncGenerator<Buffer> {
        for (const segment of segments) yield* readSegment(segment)
      }
      return { chunks: chunks(), release }
    },

    /** Removes a file nothing refers to any more, now or after its last reader. */
    discard(file: string) {
      if (readers.has(file)) doomed.add(file)
      else unlinkSoon(file)
    },

    /** Removes what a killed process left: files no record refers to. */
    async sweep(isReferenced: (file: string) => boolean): Promise<number> {
      let removed = 0
      for (const file of await readdir(blobDir)) {
        if (isReferenced(file)) continue
        await unlink(join(blobDir, file))
        removed += 1
      }
      return removed
    },

    async close() {
      for (const file of doomed) unlinkSoon(file)
      await Promise.all(unlinking)
      await blobDirSync.close()
    },
  }
}
