import { type Darkroom, DarkroomError } from '@darkroom/sdk/node'
import { digestOf, type ImportJournal } from '../import/import-journal.ts'
import { isPassing, OF_ALL, type Started } from '../import/start-imports.ts'
import { inParallel } from '../parallel.ts'
import type { Progress } from '../progress.ts'
import type { LocalFile } from './local-files.ts'

interface Options {
  darkroom: Darkroom
  journal: ImportJournal
  progress: Progress
  /** Of every file. */
  details: { preset?: string; folder?: string; tags?: string[] }
  /** Whether folders are kept. */
  keepsFolders: boolean
  atOnce: number
  /** Whether what was uploaded earlier is uploaded once more. */
  again: boolean
  signal: AbortSignal
  onStarted(started: Started): void
}

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
    const bar = progress.add(shown, byteSize)
    try {
      const onProgress = ({ sentBytes, phase }: { sentBytes: number; phase: string }) => bar.set(sentBytes, phase)
      const { asset } = await darkroom.upload(path, { ...details, signal, onProgress })
      journal.begin({ digest, url: shown, assetId: asset.id, outcome: null, attempt: (known?.attempt ?? 0) + 1 })
      return { outcome: 'started', url: shown, assetId: asset.id }
    } finally {
      bar.end()
    }
  }

  await inParallel(files, options.atOnce, async file => {
    signal.throwIfAborted()
    onStarted(await uploadOne(file).catch(error => refusalOf(file.shown, error)))
  })
}

const detailsOf = ({ folder = '', ...details }: Options['details'], inner: string) => {
  const path = [folder, inner].filter(part => part !== '').join('/')
  return { ...details, ...(path !== '' && { folder: path }) }
}

/** Tells whether an asset is still there, so that what was deleted can be uploaded again. */
async function isThere(darkroom: Darkroom, id: string, signal: AbortSignal): Promise<boolean> {
  const { items } = await darkroom.assets.getMany([id], { signal })
  return items.some(({ status }) => status !== 'deleting' && status !== 'expired')
}

export function refusalOf(url: string, error: unknown): Started {
  if (!(error instanceof DarkroomError) || OF_ALL.has(error.code) || isPassing(error)) throw error
  return { outcome: 'refused', url, error, message: `${error.code}: ${error.message}` }
}
