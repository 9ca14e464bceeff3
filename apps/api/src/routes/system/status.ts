import { type ErrorCode, isErrorCode, MEDIA_KINDS, type MediaKind, ServiceStatus } from '@darkroom/contracts'
import type { Database } from '@darkroom/db/client'
import { openAlarms } from '@darkroom/db/operations'
import { acceptedTypes } from '@darkroom/ingest'
import { listQueueStates } from '@darkroom/jobs/sql'
import type { FastifyBaseLogger } from 'fastify'
import { decodersOf } from '../../available-kinds.ts'
import { type Route, withZod } from '../route.ts'

/**
 * Returns what this installation accepts. It needs no key, so that a client can refuse a file before it asks for an
 * upload.
 */
export const statusRoute: Route = (app, { settings, database, kinds }) => {
  withZod(app).get(
    '/v1/status',
    {
      schema: {
        operationId: 'getServiceStatus',
        tags: ['System'],
        summary: 'Get the capabilities of this installation',
        response: { 200: ServiceStatus },
      },
    },
    async request => {
      const [isOpen, paused, unavailable] = await Promise.all([
        takesUploads(database.db, request.log),
        pausedKinds(database.db, request.log),
        // What nobody can be asked about is on offer: refusing it would be a guess.
        kinds.unavailable().catch(() => []),
      ])
      return {
        mode: settings.mode,
        version: settings.version,
        uploads: isOpen ? ('open' as const) : ('paused' as const),
        accepts: acceptedTypes(settings, unavailable),
        maxUploadBytes: settings.maxUploadBytes,
        decoders: decodersOf(unavailable),
        processing: processingOf(paused),
      }
    },
  )
}

/**
 * Tells whether uploads are accepted: not without a database, and not while the store is full or refuses the key.
 * Confirmed uploads wait.
 */
async function takesUploads(db: Database, log: FastifyBaseLogger): Promise<boolean> {
  try {
    return (await openAlarms(db)).every(({ code }) => !isErrorCode(code) || !STORE_ALARMS.has(code))
  } catch (error) {
    log.warn({ err: error }, 'uploads are shown as paused: the database does not respond')
    return false
  }
}

/** Lists the kinds whose queue is paused. Each kind has the queue of its name. */
async function pausedKinds(db: Database, log: FastifyBaseLogger): Promise<MediaKind[]> {
  try {
    const states = await listQueueStates(db)
    return MEDIA_KINDS.filter(kind => states.some(({ queue, pausedAt }) => queue === kind && pausedAt !== null))
  } catch (error) {
    log.debug({ err: error }, 'no kind is shown as paused: the database does not respond')
    return []
  }
}

const processingOf = (paused: readonly MediaKind[]): ServiceStatus['processing'] =>
  Object.fromEntries(MEDIA_KINDS.map(kind => [kind, paused.includes(kind) ? 'paused' : 'running']))

const STORE_ALARMS: ReadonlySet<ErrorCode> = new Set(['STORE_CAP_EXCEEDED', 'STORE_CREDENTIALS'])
