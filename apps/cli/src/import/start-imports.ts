import { setTimeout as sleep } from 'node:timers/promises'
import { type CreateImport, type Darkroom, DarkroomError } from '@darkroom/sdk'
import { inParallel } from '../parallel.ts'
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

/** A network that is away for longer ends the run, which can go on later. */
const MAX_FAILURES = 8
const MAX_WAIT_SEC = 30
/** Who asks for a longer wait is not waited for: a person would not know why nothing happens. */
const MAX_ASKED_SEC = 600

/** Has the service import the files of a list. Each is begun once, however often and where this is stopped. @throws DarkroomError what concerns all of them */
export async function startImports(items: AsyncIterable<ListItem>, options: Options): Promise<void> {
  const { darkroom, journal, again, signal, onStarted } = options
  const send = createSending(signal)

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

/** What no other file of the list would fare better with. */
export const OF_ALL = new Set(['UNAUTHORIZED', 'FORBIDDEN', 'INVALID_ANSWER'])

function refusalOf(url: string, error: unknown): Started {
  if (!(error instanceof DarkroomError) || OF_ALL.has(error.code) || isPassing(error)) throw error
  // A list with ids of its own tells by them what is there.
  if (error.code === 'EXTERNAL_ID_TAKEN') return { outcome: 'earlier', url, assetId: null }
  return { outcome: 'refused', url, error, message: `${error.code}: ${error.message}` }
}

export const isPassing = ({ code, status }: DarkroomError): boolean =>
  code === 'NETWORK' || code === 'IDEMPOTENCY_IN_FLIGHT' || status === 429 || (status !== null && status >= 500)

/** Creates what sends a request and repeats it while the service is busy or away. All wait when it asks one to. */
function createSending(signal: AbortSignal): <T>(request: () => Promise<T>) => Promise<T> {
  let resumeAt = 0
  return async request => {
    for (let failures = 0; ; ) {
      const waitMs = resumeAt - performance.now()
      if (waitMs > 0) await sleep(waitMs, undefined, { signal })
      try {
        return await request()
      } catch (error) {
        if (!(error instanceof DarkroomError) || !isPassing(error)) throw error
        // At its rate a long list takes long; that is no failure.
        if (error.status !== 429) failures += 1
        if (failures === MAX_FAILURES || (error.retryAfter ?? 0) > MAX_ASKED_SEC) throw error
        const seconds = error.retryAfter ?? Math.min(MAX_WAIT_SEC, 2 ** failures)
        resumeAt = Math.max(resumeAt, performance.now() + 1000 * seconds)
      }
    }
  }
}
