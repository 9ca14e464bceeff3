import { type Darkroom, DarkroomError, type UploadProgress } from '@darkroom/sdk/node'
import { digestOf, type ImportJournal } from '../import/import-journal.ts'
import type { Started } from '../import/start-imports.ts'
import { createSemaphore, inParallel } from '../parallel.ts'
import type { Progress, ProgressBar } from '../progress.ts'
import { isPassing, OF_ALL } from '../sdk-client.ts'
import type { LocalFile } from './local-files.ts'

interface Options {
  darkroom: Darkroom
  journal: ImportJournal
  progress: Progress
  /** Of every file. */
  details: { preset?: string; folder?: string; tags?: string[] }
  /** Whether folders are kept. */
  keepsFolders: boolean
  /** Of files that are not small. */
  atOnce: number
  /** Whether what was uploaded earlier is uploaded once more. */
  again: boolean
  signal: AbortSignal
  onStarted(started: Started): void
}

/** A file up to this size waits for the service longer than for its bytes. */
const SMALL_BYTES = 1024 * 1024
/** So many small files take the place of another one: the SDK makes their calls together, and sends some of them at a time. */
const SMALL_PER_PLACE = 32

/** Uploads and confirms files, several at a time. A file that an earlier run has uploaded is left alone, unless it has changed. @throws DarkroomError what concerns all of them */
export async function uploadFiles(files: AsyncIterable<LocalFile>, options: Options): Promise<void> {
  const { darkroom, journal, progress, keepsFolders, again, signal, onStarted } = options

  async function uploadOne(file: LocalFile): Promise<Started> {
    const { shown, path, byteSize, changedAt } = file
    const details = detailsOf(options.details, keepsFolders ? file.folder : '')
    const digest = digestOf({ path, byteSize, changedAt, ...details })
    const known = journal.find(digest)
    if (known && !again && known.outcome !== 'failed' && (await isThere(darkroom, known.assetId, signal))) {
      journal.join(digest)
      return { outcome: 'earlier', url: shown, assetId: known.assetId }
    }
    const bars: ProgressBar[] = []
    let noted: string | null = null
    // Before the upload is confirmed, so that a run which is killed afterwards has the asset already.
    const note = (assetId: string) => {
      if (assetId === noted) return
      noted = assetId
      journal.begin({ digest, url: shown, assetId, outcome: null, attempt: (known?.attempt ?? 0) + 1 })
    }
    try {
      const onProgress = ({ sentBytes, phase, assetId }: UploadProgress) => {
        if (assetId !== null) note(assetId)
        // Of many small files only those have a bar whose bytes are on their way.
        if (sentBytes > 0 && bars.length === 0) bars.push(progress.add(shown, byteSize))
        bars[0]?.set(sentBytes, phase)
      }
      const { asset } = await darkroom.upload(path, { ...details, signal, onProgress })
      note(asset.id)
      return { outcome: 'started', url: shown, assetId: asset.id }
    } catch (error) {
      // Nobody waits for it, and the next run takes it up.
      if (noted !== null) journal.settle(digest, 'failed')
      throw error
    } finally {
      bars[0]?.end()
    }
  }

  const inPlace = createSemaphore(options.atOnce)
  await inParallel(files, options.atOnce * SMALL_PER_PLACE, async file => {
    signal.throwIfAborted()
    const work = () => uploadOne(file).catch(error => refusalOf(file.shown, error))
    onStarted(await (file.byteSize <= SMALL_BYTES ? work() : inPlace(work)))
  })
}

const detailsOf = ({ folder = '', ...details }: Options['details'], inner: string) => {
  const path = [folder, inner].filter(part => part !== '').join('/')
  return { ...details, ...(path !== '' && { folder: path }) }
}

/** What an asset is when its file has to be uploaded: deleted by somebody, or never confirmed. */
const NOT_UPLOADED: ReadonlySet<string> = new Set(['awaiting_upload', 'deleting', 'expired'])

/** Tells whether the file of an asset has arrived and is still there. */
async function isThere(darkroom: Darkroom, id: string, signal: AbortSignal): Promise<boolean> {
  const { items } = await darkroom.assets.getMany([id], { signal })
  return items.some(({ status }) => !NOT_UPLOADED.has(status))
}

export function refusalOf(url: string, error: unknown): Started {
  if (!(error instanceof DarkroomError) || OF_ALL.has(error.code) || isPassing(error)) throw error
  return { outcome: 'refused', url, error, message: `${error.code}: ${error.message}` }
}
