import { appError } from '@darkroom/contracts'
import type { NewInboxEvent } from '@darkroom/db/uploads'
import { z } from 'zod'

/** Postgres holds no NUL and no half of a surrogate pair. */
const text = z.string().refine(value => !value.includes('\0') && value.isWellFormed())

/**
 * What we need of an event. Everything else may be there, be absent or be null: the documentation and the SDKs differ on
 * what deletions, hide markers and tests carry (docs/b2.md).
 */
const Event = z.looseObject({
  eventId: text.min(1).max(200),
  eventType: text.max(200),
  bucketName: text.catch(''),
  objectName: text.catch(''),
  objectVersionId: text.nullable().catch(null),
  objectSize: z.int().nonnegative().nullable().catch(null),
})

const Batch = z.object({ events: z.array(z.unknown()) })

/** Details that are worth keeping for whoever looks into a case. */
const KEPT = ['eventTimestamp', 'matchedRuleName'] as const

/**
 * Reads the events of a body, and counts those of an unknown shape.
 * @throws INVALID_REQUEST when the body is not a list of events
 */
export function readEvents(body: Buffer): { events: NewInboxEvent[]; unreadable: number } {
  const batch = Batch.safeParse(parseJson(body))
  if (!batch.success) throw appError('INVALID_REQUEST', 'Expected {"events": […]}.')
  const read = batch.data.events.map(event => Event.safeParse(event))
  const events = read.flatMap(result => (result.success ? toRow(result.data) : []))
  return { events, unreadable: read.length - events.length }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch (cause) {
    throw appError('INVALID_REQUEST', 'The body is not valid JSON.', { cause })
  }
}

const toRow = (event: z.output<typeof Event>): NewInboxEvent => ({
  eventId: event.eventId,
  type: event.eventType,
  bucket: event.bucketName,
  key: event.objectName,
  versionId: event.objectVersionId,
  byteSize: event.objectSize,
  data: Object.fromEntries(KEPT.flatMap(name => (isPlain(event[name]) ? [[name, event[name]]] : []))),
})

const isPlain = (value: unknown) => typeof value === 'number' || text.safeParse(value).success
