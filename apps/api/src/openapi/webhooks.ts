import { EVENT_TYPES, type EventType, eventDataOf, PING } from '@darkroom/contracts'
import { z } from 'zod'
import { type Operation, type Parameter, refTo, type Schema, type Step } from './document.ts'

const header = (name: string, description: string): Parameter => ({
  in: 'header',
  name,
  required: true,
  description,
  schema: { type: 'string' },
})

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const SIGNED: Parameter[] = [
  header('webhook-id', 'Of this message. The same each time that it is sent, so that it is done once.'),
  header('webhook-timestamp', 'Seconds since 1970 when it was sent. Refuse what is older than five minutes.'),
  header(
    'webhook-signature',
    '`v1,` and the HMAC-SHA256 of `<id>.<timestamp>.<body>` with the secret, in Base64; two of them while a secret is changed.',
  ),
]

const TAKEN = 'Any 2xx within 15 seconds: it arrived. Anything else is tried again for three days.'
const GONE = 'The endpoint is no more; it is disabled at once.'

/** `asset.original_stored` → `AssetOriginalStored` */
const pascal = (type: string): string =>
  type.replaceAll(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase())

const operationOf = (type: string, meaning: string): Operation => ({
  operationId: `on${pascal(type)}`,
  tags: ['Webhooks'],
  summary: type,
  description: meaning,
  security: [],
  parameters: SIGNED,
  requestBody: { required: true, content: { 'application/json': { schema: refTo(`${pascal(type)}Event`) } } },
  responses: { '2XX': { description: TAKEN }, 410: { description: GONE } },
})

/** A message of a type, with what its `data` has. */
function messageOf(type: string, meaning: string, data: z.ZodObject): Schema {
  const message = z.object({
    type: z.literal(type),
    timestamp: z.iso.datetime().meta({ description: 'When it happened.' }),
    data,
  })
  const { $schema, $defs, ...schema } = z.toJSONSchema(message, { io: 'output' })
  const text = JSON.stringify({ ...schema, description: meaning }).replaceAll('"#/$defs/', '"#/components/schemas/')
  // Open for fields to come.
  return JSON.parse(text, (key, value) => (key === 'additionalProperties' ? undefined : value))
}

const SENT = [
  ...Object.entries(EVENT_TYPES).map(([type, meaning]) => ({ type, meaning, data: eventDataOf(type as EventType) })),
  {
    type: PING,
    meaning: 'Sent by `POST /v1/webhooks/{id}/test` and by nothing else.',
    data: z.object({ webhookId: z.uuid() }),
  },
]

/** What endpoints are sent, made of the one list of types. */
export const withWebhooks: Step = document => {
  const webhooks = SENT.map(({ type, meaning }) => [type, { post: operationOf(type, meaning) }])
  const messages = SENT.map(({ type, meaning, data }) => [`${pascal(type)}Event`, messageOf(type, meaning, data)])
  const schemas = { ...document.components.schemas, ...Object.fromEntries(messages) }
  return { ...document, webhooks: Object.fromEntries(webhooks), components: { ...document.components, schemas } }
}
