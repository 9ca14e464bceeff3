import { ERRORS, type ErrorCode, errorEntry } from '@darkroom/contracts'
import { PROBLEM_CODES } from '../routes/problem-codes.ts'
import { problemOf } from './problem.ts'

interface Response {
  description: string
  headers?: Record<string, unknown>
  content?: Record<string, unknown>
}

interface Operation {
  responses: Record<string, Response>
  /** Empty where nobody needs a key. */
  security?: unknown[]
}

interface Document {
  paths?: Record<string, Record<string, Operation>>
  components?: Record<string, unknown>
}

interface Kind {
  method: string
  path: string
  isOpen: boolean
}

/** What every operation of a kind can answer with. Local mode refuses foreign hosts and origins everywhere. */
const COMMON: { codes: ErrorCode[]; when(kind: Kind): boolean }[] = [
  { codes: ['INVALID_REQUEST', 'FORBIDDEN', 'INTERNAL', 'UNAVAILABLE'], when: () => true },
  { codes: ['HEADERS_TOO_LARGE', 'REQUEST_TIMEOUT'], when: () => true },
  { codes: ['UNAUTHORIZED', 'RATE_LIMITED'], when: kind => !kind.isOpen },
  { codes: ['NOT_FOUND'], when: kind => kind.path.includes('{') },
  { codes: ['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'], when: kind => kind.method !== 'get' },
  {
    codes: ['IDEMPOTENCY_MISMATCH', 'IDEMPOTENCY_IN_FLIGHT'],
    when: kind => kind.method === 'post' && !kind.path.startsWith('/v1/hooks/'),
  },
]

const RETRY_AFTER = { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 0 } }

/** In place of "any 4xx": every status that an operation refuses with, and each of its codes as an example. */
export function withProblems(given: unknown): unknown {
  const document = given as Document
  for (const [path, methods] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(methods)) {
      const codes = codesOf({ method, path, isOpen: operation.security?.length === 0 })
      operation.responses = withCodes(operation.responses, codes)
    }
  const examples = Object.fromEntries(Object.keys(ERRORS).map(code => [code, exampleOf(code as ErrorCode)]))
  return { ...document, components: { ...document.components, examples } }
}

function codesOf(kind: Kind): ErrorCode[] {
  const common = COMMON.flatMap(({ codes, when }) => (when(kind) ? codes : []))
  const own = PROBLEM_CODES[`${kind.method.toUpperCase()} ${kind.path}`] ?? []
  return [...new Set([...own, ...common])]
}

function withCodes({ '4XX': _4, '5XX': _5, ...answers }: Operation['responses'], codes: ErrorCode[]) {
  const byStatus = Object.groupBy(codes, code => errorEntry(code).status)
  const problems = Object.entries(byStatus).map(([status, ofStatus = []]) => {
    const own = answers[status]
    return [status, { ...asResponse(ofStatus), ...own, content: { ...own?.content, ...contentOf(ofStatus) } }]
  })
  return { ...answers, ...Object.fromEntries(problems) } as Operation['responses']
}

const asResponse = (codes: ErrorCode[]) => ({
  description: codes.map(code => `\`${code}\`: ${errorEntry(code).owner}`).join('\n\n'),
  ...(codes.some(code => [429, 503].includes(errorEntry(code).status)) && { headers: { 'Retry-After': RETRY_AFTER } }),
})

const contentOf = (codes: ErrorCode[]) => ({
  'application/problem+json': {
    schema: { $ref: '#/components/schemas/Problem' },
    examples: Object.fromEntries(codes.map(code => [code, { $ref: `#/components/examples/${code}` }])),
  },
})

function exampleOf(code: ErrorCode) {
  const { title, owner } = errorEntry(code)
  return {
    summary: title,
    value: problemOf({ code, detail: owner, requestId: '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071' }),
  }
}
