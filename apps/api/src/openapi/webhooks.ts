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
  header('webhook-id', 'Id of the message. It is the same for every attempt; use it to process a message only once.'),
  header(
    'webhook-timestamp',
    'Unix timestamp of the attempt, in seconds. Refuse messages that are older than five minutes.',
  ),
  header(
    'webhook-signature',
    '`v1,` and the HMAC-SHA256 of `<id>.<timestamp>.<body>` with the secret, in Base64. There are two while a secret is being rotated.',
  ),
]

const TAKEN = 'Any 2xx within 15 seconds: delivered. Any other response is retried for three days.'
const GONE = 'The endpoint no longer exists. It is disabled immediately.'

/** Converts an event type to the name of a schema: `asset.original_stored` → `AssetOriginalStored`. */
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

/** Builds the schema of a message of a type, with the fields of its `data`. */
function messageOf(type: string, meaning: string, data: z.ZodObject): Schema {
  const message = z.object({
    type: z.literal(type),
    timestamp: z.iso.datetime().meta({ description: 'When the event happened.' }),
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
    meaning: 'A test message, sent by `POST /v1/webhooks/{id}/test`.',
    data: z.object({ webhookId: z.uuid() }),
  },
]

/** Adds the messages that webhook endpoints receive, generated from the one list of event types. */
export const withWebhooks: Step = document => {
  const webhooks = SENT.map(({ type, meaning }) => [type, { post: operationOf(type, meaning) }])
  const messages = SENT.map(({ type, meaning, data }) => [`${pascal(type)}Event`, messageOf(type, meaning, data)])
  const schemas = { ...document.components.schemas, ...Object.fromEntries(messages) }
  return { ...document, webhooks: Object.fromEntries(webhooks), components: { ...document.components, schemas } }
}
