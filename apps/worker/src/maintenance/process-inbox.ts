import { createWakeUp } from '@darkroom/core'
import { clearAlarms } from '@darkroom/db/operations'
import {
  deleteOldInboxEvents,
  findUploadByKey,
  finishInboxEvent,
  INBOX_CHANNEL,
  type InboxEvent,
  takeInboxEvents,
} from '@darkroom/db/uploads'
import { confirmArrived, isPermanentUploadError } from '@darkroom/ingest'
import type { WorkerDeps } from '../deps.ts'

type InboxDeps = Pick<WorkerDeps, 'database' | 'store' | 'logger' | 'faults'> & {
  /** How soon it looks without being notified; 5 seconds unless told. */
  pollMs?: number
}

/** Processed side by side; few enough for one minute to do for all, after which they count as abandoned. */
const BATCH = 8
const KEEP_DAYS = 7

/** Backs the notifications up. */
const POLL_MS = 5000

/** Acts on what the store told: each event once, in any order, however late. Ends with its signal. */
export const processInbox = {
  name: 'process events of the store',
  everyMs: 1000,
  async run(deps: InboxDeps, signal: AbortSignal): Promise<void> {
    const wakeUp = createWakeUp()
    const ring = () => wakeUp.ring()
    const unlisten = await deps.database.listen(INBOX_CHANNEL, ring, ring)
    signal.addEventListener('abort', ring)
    try {
      while (!signal.aborted) {
        await drain(deps, signal)
        await wakeUp.wait(deps.pollMs ?? POLL_MS)
      }
    } finally {
      signal.removeEventListener('abort', ring)
      await unlisten()
    }
  },
}

async function drain(deps: InboxDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const events = await takeInboxEvents(deps.database.db, BATCH)
    if (events.length === 0) return
    await endSilence(deps, events)
    await Promise.all(events.map(event => processEvent(deps, event, signal)))
  }
}

/** The inbox knows an event again as long as it keeps it; later ones find their upload confirmed. */
export const forgetOldEvents = {
  name: 'forget old events of the store',
  everyMs: 3_600_000,
  async run({ database }: Pick<WorkerDeps, 'database'>): Promise<void> {
    await database.withoutStatementTimeout(db => deleteOldInboxEvents(db, KEEP_DAYS))
  },
}

const tellsOfBytes = ({ type }: InboxEvent): boolean => type.startsWith('b2:ObjectCreated:')

async function endSilence({ database, logger }: InboxDeps, events: InboxEvent[]): Promise<void> {
  if (!events.some(tellsOfBytes)) return
  if ((await clearAlarms(database.db, { code: 'EVENTS_SILENT' })) > 0) logger.info('the store sends events again')
}

/**
 * Processes an event. When the store or the database does not answer, the event gets no outcome and is taken again in a
 * minute.
 */
async function processEvent(deps: InboxDeps, event: InboxEvent, signal: AbortSignal): Promise<void> {
  const { eventId } = event
  try {
    await finishInboxEvent(deps.database.db, eventId, await outcomeOf(deps, event, signal))
  } catch (error) {
    if (!signal.aborted) deps.logger.warn({ err: error, eventId }, 'an event of the store waits for a retry')
  }
}

/**
 * Returns the outcome of an event. An event is a hint: its fields about the object are not used, the store is asked.
 */
async function outcomeOf(deps: InboxDeps, event: InboxEvent, signal: AbortSignal): Promise<string> {
  if (!tellsOfBytes(event)) return 'ignored'
  const found = await findUploadByKey(deps.database.db, event)
  if (!found) return 'not ours'
  try {
    const { isNew } = await confirmArrived(deps, found, { by: 'event', signal })
    return isNew ? 'confirmed' : 'confirmed before'
  } catch (error) {
    if (isPermanentUploadError(error)) return error.code
    throw error
  }
}
