import { type Answer, mapOperations, type Operation, type Step } from './document.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Headers that the answers of this route have which those of most routes have not. */
    sends?: ('ETag' | 'Location' | 'Retry-After' | 'Tus-Resumable' | keyof typeof OF_TUS)[]
  }
}

const integer = (description: string) => ({ description, schema: { type: 'integer', minimum: 0 } })
const always = (description: string, schema: object = { type: 'string' }) => ({ description, required: true, schema })
const ifLimited = '; only for projects with a limit'

/** By their names in an answer. */
const OF_TUS = {
  'Upload-Offset': always('Bytes that the store has. The upload continues here.', { type: 'integer', minimum: 0 }),
  'Upload-Length': always('Size of the file in bytes.', { type: 'integer', minimum: 0 }),
  'Upload-Expires': { description: 'Until when the upload can be completed.', schema: { type: 'string' } },
  'Darkroom-Asset-Id': always('Id of the asset that the file becomes.', { type: 'string', format: 'uuid' }),
  'Darkroom-Client-Token': always(
    'Client token of the upload, with which a browser can continue it: `Authorization: Bearer <client token>`.',
  ),
}

/** By their names in the document; two of them are one header that is sent always or sometimes. */
const HEADERS = {
  XRequestId: always(
    'Id of this request: the `X-Request-Id` that you sent, or a new one. It is also in the logs, and in the jobs that the request caused.',
  ),
  ETag: always('Version of the resource. Send it as `If-None-Match` to get only a changed one.'),
  Location: always('URL of the resource to go to next.', { type: 'string', format: 'uri-reference' }),
  RetryAfter: always('Seconds to wait before a retry.', { type: 'integer', minimum: 0 }),
  RetryAfterHint: integer('Seconds to wait before polling again, while processing is not finished.'),
  WWWAuthenticate: always('Authentication scheme: `Bearer`.'),
  IdempotencyReplayed: {
    description: 'Present if a request with this `Idempotency-Key` was executed before. This is its current result.',
    schema: { type: 'string', enum: ['true'] },
  },
  RateLimitLimit: integer(`Requests per minute${ifLimited}.`),
  RateLimitRemaining: integer(`Remaining requests in this minute${ifLimited}.`),
  RateLimitReset: integer(`Seconds until the limit resets${ifLimited}.`),
  ...OF_TUS,
  TusResumable: { description: 'Version of the tus protocol.', schema: { type: 'string' } },
  TusVersion: { description: 'The version that is supported.', schema: { type: 'string' } },
}

interface Case {
  status: number
  sends: string[]
  isIdempotent: boolean
  /** Answered by a route as well, and not only as a problem. */
  isOwn: boolean
}

/** Answered before it is known who asks. */
const BEFORE_AUTH = [401, 408, 431]
const isSuccess = ({ status }: Case) => status < 300
const isWatched = ({ status }: Case) => status === 200 || status === 304
const isLimited = ({ sends, status }: Case) => sends.includes('RateLimit') && !BEFORE_AUTH.includes(status)
const isLater = ({ status }: Case) => status === 429 || status === 503

/** Which answers have which header. */
const RULES: { name: string; header: keyof typeof HEADERS; when(one: Case): boolean }[] = [
  { name: 'X-Request-Id', header: 'XRequestId', when: () => true },
  { name: 'ETag', header: 'ETag', when: one => one.sends.includes('ETag') && isWatched(one) },
  { name: 'Location', header: 'Location', when: one => one.status === 302 },
  { name: 'Location', header: 'Location', when: one => one.sends.includes('Location') && isSuccess(one) },
  { name: 'Retry-After', header: 'RetryAfter', when: one => isLater(one) && !one.isOwn },
  { name: 'Retry-After', header: 'RetryAfterHint', when: one => isLater(one) && one.isOwn },
  { name: 'Retry-After', header: 'RetryAfterHint', when: one => one.sends.includes('Retry-After') && isWatched(one) },
  { name: 'Retry-After', header: 'RetryAfterHint', when: one => one.isIdempotent && one.status === 409 },
  { name: 'Idempotency-Replayed', header: 'IdempotencyReplayed', when: one => one.isIdempotent && isSuccess(one) },
  { name: 'WWW-Authenticate', header: 'WWWAuthenticate', when: one => one.status === 401 },
  { name: 'RateLimit-Limit', header: 'RateLimitLimit', when: isLimited },
  { name: 'RateLimit-Remaining', header: 'RateLimitRemaining', when: isLimited },
  { name: 'RateLimit-Reset', header: 'RateLimitReset', when: isLimited },
  { name: 'Tus-Resumable', header: 'TusResumable', when: one => one.sends.includes('Tus-Resumable') },
  {
    name: 'Tus-Version',
    header: 'TusVersion',
    when: one => one.sends.includes('Tus-Resumable') && one.status === 412,
  },
  ...(Object.keys(OF_TUS) as (keyof typeof OF_TUS)[]).map(name => ({
    name,
    header: name,
    when: (one: Case) => one.sends.includes(name) && isSuccess(one),
  })),
]

/** Says of every answer which headers it has. */
export const withResponseHeaders: Step = document => {
  const headered = mapOperations(document, ({ 'x-sends': sends = [], ...operation }) => {
    const isIdempotent = operation.parameters?.some(({ name }) => name === 'Idempotency-Key') ?? false
    return { ...operation, responses: withHeaders(operation.responses, { sends, isIdempotent }) }
  })
  return { ...headered, components: { ...headered.components, headers: HEADERS } }
}

const withHeaders = (responses: Operation['responses'], route: Pick<Case, 'sends' | 'isIdempotent'>) =>
  Object.fromEntries(
    Object.entries(responses).map(([status, answer]): [string, Answer] => {
      const isOwn = answer.content?.['application/json'] !== undefined
      const rules = RULES.filter(({ when }) => when({ ...route, status: Number(status), isOwn }))
      const headers = rules.map(({ name, header }) => [name, { $ref: `#/components/headers/${header}` }])
      return [status, { ...answer, headers: Object.fromEntries(headers) }]
    }),
  )
