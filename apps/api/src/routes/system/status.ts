import { type ErrorCode, isErrorCode, ServiceStatus } from '@darkroom/contracts'
import { type Database, openAlarms } from '@darkroom/db'
import { acceptedTypes } from '@darkroom/ingest'
import type { FastifyBaseLogger } from 'fastify'
import { decodersOf } from '../../kinds-on-offer.ts'
import { type Route, withZod } from '../route.ts'

/** What this installation takes; open to all, so that a client can refuse a file before it asks for an upload. */
export const statusRoute: Route = (app, { settings, database, kinds }) => {
  withZod(app).get(
    '/v1/status',
    {
      schema: {
        operationId: 'getServiceStatus',
        tags: ['System'],
        summary: 'What this installation takes',
        response: { 200: ServiceStatus },
      },
    },
    async request => {
      const [isOpen, lacking] = await Promise.all([
        takesUploads(database.db, request.log),
        // What nobody can be asked about is on offer: refusing it would be a guess.
        kinds.lacking().catch(() => []),
      ])
      return {
        mode: settings.mode,
        version: settings.version,
        uploads: isOpen ? ('open' as const) : ('paused' as const),
        accepts: acceptedTypes(settings, lacking),
        maxUploadBytes: settings.maxUploadBytes,
        decoders: decodersOf(lacking),
      }
    },
  )
}

/** No uploads without a database, nor while the store is full or does not know our key; what is confirmed waits. */
async function takesUploads(db: Database, log: FastifyBaseLogger): Promise<boolean> {
  try {
    return (await openAlarms(db)).every(({ code }) => !isErrorCode(code) || !STORE_ALARMS.has(code))
  } catch (error) {
    log.warn({ err: error }, 'uploads are shown as paused: the database does not answer')
    return false
  }
}

const STORE_ALARMS: ReadonlySet<ErrorCode> = new Set(['STORE_CAP_EXCEEDED', 'STORE_CREDENTIALS'])
