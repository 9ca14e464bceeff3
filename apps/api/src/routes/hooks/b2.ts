import { appError } from '@darkroom/contracts'
import { insertInboxEvents } from '@darkroom/db/uploads'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ApiDeps } from '../../deps.ts'
import { problems, type Route, withZod } from '../route.ts'
import { isSignedEvent } from './event-signature.ts'
import { readEvents } from './read-events.ts'

/** Fifty events with the longest names. */
const BODY_LIMIT_BYTES = 512 * 1024

const SIGNATURE = 'x-bz-event-notification-signature'

const EventHeaders = z.looseObject({
  [SIGNATURE]: z
    .string()
    .optional()
    .meta({ description: '`v1=` and the HMAC-SHA256 of the raw body with `B2_EVENT_SECRET`, in hexadecimal.' }),
})

// The bytes as they came, which the signature is over; this is what is in them.
const EventsBody = z.unknown().meta({
  type: 'object',
  required: ['events'],
  properties: {
    events: {
      type: 'array',
      description: 'Event notifications in the format of Backblaze B2. Unknown formats are ignored.',
    },
  },
  example: {
    events: [
      { eventId: 'a1b2', eventType: 'b2:ObjectCreated:Upload', bucketName: 'darkroom', objectName: 'uploads/1' },
    ],
  },
})

/**
 * Takes what the store tells of its objects. A hint and no authority: events are kept, and the worker looks for itself.
 * The store waits three seconds for its 200 and sends again, so nothing else happens here.
 */
export const b2EventsRoute: Route = (app, deps) => {
  void app.register(async scope => {
    takeRawBodies(scope)
    withZod(scope).post(
      '/v1/hooks/b2',
      {
        bodyLimit: BODY_LIMIT_BYTES,
        schema: {
          operationId: 'receiveStoreEvents',
          tags: ['System'],
          summary: 'Receive event notifications of the object store',
          headers: EventHeaders,
          body: EventsBody,
          response: { 200: z.object({}), ...problems },
        },
      },
      async request => {
        const { eventSecret } = deps.settings
        if (!eventSecret) throw appError('NOT_FOUND')
        await keep(deps, request, checkedBody(request, eventSecret))
        return {}
      },
    )
  })
}

/** Keeps the bodies unparsed, because the signature covers the raw bytes. */
function takeRawBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
}

function checkedBody(request: FastifyRequest, secret: string): Buffer {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  if (isSignedEvent(body, request.headers[SIGNATURE], secret)) return body
  // A test event may be signed with a dummy key, so this alone is no alarm.
  request.log.warn(
    { bytes: body.length, from: request.ip },
    'refused an event notification: its signature does not match B2_EVENT_SECRET',
  )
  throw appError('UNAUTHORIZED', 'The signature of the event notification is invalid.')
}

async function keep({ database }: ApiDeps, request: FastifyRequest, body: Buffer): Promise<void> {
  const { events, unreadable } = readEvents(body)
  if (unreadable > 0) request.log.warn({ unreadable }, 'ignored event notifications in an unknown format')
  await insertInboxEvents(database.db, events)
}
