import { type CreateImport, type Darkroom, DarkroomError } from '@darkroom/sdk'
import { inParallel } from '../parallel.ts'
import { createPatientSending } from '../patient-sending.ts'
import { isPassing, OF_ALL } from '../sdk-client.ts'
import { digestOf, type ImportJournal, type KnownImport } from './import-journal.ts'
import type { ListItem } from './import-list.ts'

/** What became of one line of a list. */
export type Started =
  | { outcome: 'started' | 'earlier'; url: string; assetId: string | null }
  | { outcome: 'refused'; url: string; error: DarkroomError | null; message: string }

interface Options {
  darkroom: Darkroom
  journal: ImportJournal
  atOnce: number
  /** Whether files of earlier runs are imported once more. */
  again: boolean
  signal: AbortSignal
  onStarted(started: Started): void
}

/** Has the service import the files of a list. Each is begun once, however often and where this is stopped. @throws DarkroomError what concerns all of them */
export async function startImports(items: AsyncIterable<ListItem>, options: Options): Promise<void> {
  const { darkroom, journal, again, signal, onStarted } = options
  const send = createPatientSending(signal)

  async function begin(url: string, body: CreateImport): Promise<Started> {
    const digest = digestOf(body)
    const known = journal.find(digest)
    if (known && !again && known.outcome !== 'failed') {
      journal.join(digest)
      return { outcome: 'earlier', url, assetId: known.assetId }
    }
    const attempt = (known?.attempt ?? 0) + 1
    // The same after a crash: the service begins it once.
    const idempotencyKey = `import-${digest.slice(0, 40)}-${attempt}`
    const { asset } = await send(() => darkroom.uploads.importUrl(body, { idempotencyKey, signal }))
    journal.begin({ digest, url, assetId: asset.id, outcome: null, attempt } satisfies KnownImport)
    return { outcome: 'started', url, assetId: asset.id }
  }

  await inParallel(items, options.atOnce, async item => {
    signal.throwIfAborted()
    if ('fault' in item) return onStarted({ outcome: 'refused', url: item.url, error: null, message: item.fault })
    onStarted(await begin(item.url, item.body).catch(error => refusalOf(item.url, error)))
  })
}

function refusalOf(url: string, error: unknown): Started {
  if (!(error instanceof DarkroomError) || OF_ALL.has(error.code) || isPassing(error)) throw error
  // A list with ids of its own tells by them what is there.
  if (error.code === 'EXTERNAL_ID_TAKEN') return { outcome: 'earlier', url, assetId: null }
  return { outcome: 'refused', url, error, message: `${error.code}: ${error.message}` }
}
