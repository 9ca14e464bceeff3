import { z } from 'zod'
import { EVENT_TYPES, isEventType } from './event-types.ts'
import { pageLimit, pageOf, pageQuery } from './paging.ts'
import { ResourceError } from './resources.ts'

/** Sent by `POST /v1/webhooks/:id/test` and by nothing else; it is no event of the log. */
export const PING = 'webhook.ping'

export const MAX_WEBHOOKS = 10

const time = z.iso.datetime()
const eventType = z
  .string()
  .refine(isEventType, 'expected a type of the event reference')
  .meta({ enum: Object.keys(EVENT_TYPES) })

/** A type of the event reference, or one that a newer version knows. */
const KnownEventType = z
  .union([z.enum(Object.keys(EVENT_TYPES)), z.string()])
  .meta({ id: 'EventType', description: 'A type of the event reference. Newer versions may know more of them.' })
const eventTypes = z
  .array(eventType)
  .min(1)
  .max(Object.keys(EVENT_TYPES).length)
  .meta({
    description: 'Event types to send; null for all.',
    examples: [['asset.ready', 'asset.partial', 'asset.failed']],
  })

const message = {
  type: KnownEventType,
  timestamp: time.meta({ description: 'When the event happened.' }),
  data: z.record(z.string(), z.unknown()).meta({
    description: '`assetId`, its `revision`, and the fields of the event type.',
    examples: [{ assetId: '019a…', revision: 7 }],
  }),
}

export const EventMessage = z.object(message).meta({
  id: 'EventMessage',
  description:
    'The body of a webhook. Of two messages with the same `assetId`, the one with the higher `revision` is newer.',
})
export type EventMessage = z.output<typeof EventMessage>

export const EventQuery = z.object({
  after: z.string().max(500).optional().meta({
    description:
      'The `nextCursor` of the last response, or `latest` for events from now on. Leave it out to start at the beginning.',
  }),
  limit: pageLimit,
  types: z
    .string()
    .max(1000)
    .transform(list => list.split(','))
    .pipe(z.array(eventType))
    .optional()
    .meta({ description: 'Only these event types, comma-separated.' }),
})

export const EventPage = z
  .object({
    items: z.array(
      z.object({
        id: z.string().meta({ description: 'Id of the event; the same as `webhook-id` of each webhook for it.' }),
        ...message,
      }),
    ),
    nextCursor: z.string().meta({
      description:
        'Cursor for the next request: immediately if `hasMore`, else later. It is always present, and no event is skipped.',
    }),
    hasMore: z.boolean().meta({
      description:
        'Whether there may be more events now. It can be true even if the page is not full, for example with rare types.',
    }),
  })
  .meta({ id: 'EventPage' })
export type EventPage = z.output<typeof EventPage>

const url = z.url('expected a URL that starts with https:// or http://').max(2000)
const description = z.string().max(200)

export const CreateWebhook = z
  .object({ url, events: eventTypes.nullable().default(null), description: description.default('') })
  .meta({ id: 'CreateWebhook', example: { url: 'https://shop.example.com/hooks/darkroom', events: ['asset.ready'] } })

export const WebhookPatch = z
  .object({
    url: url.optional(),
    events: eventTypes.nullable().optional(),
    description: description.optional(),
    enabled: z
      .boolean()
      .optional()
      .meta({ description: 'An endpoint that is enabled again continues where it stopped; no event is skipped.' }),
  })
  .meta({ id: 'WebhookPatch', example: { enabled: true } })

export const Webhook = z
  .object({
    id: z.uuid(),
    url: z.url(),
    description: z.string(),
    events: z.array(KnownEventType).nullable().meta({ description: 'Null for all event types.' }),
    enabled: z.boolean(),
    disabledReason: z.enum(['owner', 'gone', 'failing']).nullable().meta({
      description:
        '`gone`: it responded with 410. `failing`: every delivery failed for `WEBHOOK_DISABLE_AFTER_DAYS`. `owner`: disabled by a request.',
    }),
    disabledAt: time.nullable(),
    failingSince: time.nullable().meta({ description: 'Time of the first failure since the last success.' }),
    lastError: ResourceError.nullable(),
    previousSecretExpiresAt: time
      .nullable()
      .meta({ description: 'Until then, messages are signed with both secrets.' }),
    createdAt: time,
  })
  .meta({ id: 'Webhook' })
export type Webhook = z.output<typeof Webhook>

export const WebhookWithSecret = Webhook.extend({
  secret: z
    .string()
    .nullable()
    .meta({
      description: 'The secret. It is shown only once; null in the response to a repeated request.',
      examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    }),
}).meta({ id: 'WebhookWithSecret' })
export type WebhookWithSecret = z.output<typeof WebhookWithSecret>

export const WebhookList = z.object({ items: z.array(Webhook) }).meta({ id: 'WebhookList' })

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const

export const WebhookAttempt = z
  .object({
    attempt: z.int(),
    startedAt: time,
    durationMs: z.int(),
    status: z.int().nullable().meta({ description: 'HTTP status; null if there was no response.' }),
    answer: z.string().nullable().meta({ description: 'The first 4 kB of the response body.' }),
    error: ResourceError.nullable(),
  })
  .meta({ id: 'WebhookAttempt' })

export const WebhookDelivery = z
  .object({
    id: z.uuid(),
    messageId: z
      .string()
      .meta({ description: 'The `webhook-id` of every attempt, and the `id` of the event in `GET /v1/events`.' }),
    type: KnownEventType,
    status: z.enum(DELIVERY_STATUSES),
    message: EventMessage,
    attempts: z.array(WebhookAttempt).meta({ description: 'Newest first, at most twenty.' }),
    nextAttemptAt: time.nullable(),
    createdAt: time,
    settledAt: time.nullable(),
  })
  .meta({ id: 'WebhookDelivery' })
export type WebhookDelivery = z.output<typeof WebhookDelivery>

export const DeliveryQuery = z.object({
  ...pageQuery,
  status: z.enum(DELIVERY_STATUSES).optional().meta({ description: 'Only deliveries with this status.' }),
})

export const DeliveryPage = pageOf(WebhookDelivery, 'DeliveryPage')
export type DeliveryPage = z.output<typeof DeliveryPage>

export const WebhookReplay = z
  .object({
    after: z
      .string()
      .max(500)
      .meta({
        description: 'A time, or a cursor of `GET /v1/events`. Everything since then is sent again, with the same ids.',
        examples: ['2026-11-21T00:00:00Z'],
      }),
  })
  .meta({ id: 'WebhookReplay', example: { after: '2026-11-21T00:00:00Z' } })

export const WebhookReplayed = z
  .object({
    redelivered: z.int().meta({
      description:
        'Number of existing deliveries that are sent again. Events that were never delivered to this endpoint follow automatically.',
    }),
  })
  .meta({ id: 'WebhookReplayed' })
