import { ERRORS, type ErrorCode, errorEntry } from '@darkroom/contracts'
import { problemOf } from '../plugins/problem.ts'
import { PROBLEM_CODES } from '../routes/problem-codes.ts'
import { type Answer, mapOperations, type Operation, type Step } from './document.ts'

interface Kind {
  method: string
  path: string
  isOpen: boolean
}

/** What every operation of a kind can answer with. Local mode refuses foreign hosts and origins everywhere. */
const COMMON: { codes: ErrorCode[]; when(kind: Kind): boolean }[] = [
  { codes: ['INVALID_REQUEST', 'FORBIDDEN', 'INTERNAL', 'UNAVAILABLE'], when: () => true },
  { codes: ['HEADERS_TOO_LARGE', 'REQUEST_TIMEOUT'], when: () => true },
  { codes: ['UNAUTHORIZED', 'RATE_LIMITED', 'PROJECT_DELETING'], when: kind => !kind.isOpen },
  { codes: ['NOT_FOUND'], when: kind => kind.path.includes('{') },
  {
    codes: ['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'],
    when: kind => kind.method !== 'get' && kind.method !== 'head',
  },
  {
    codes: ['IDEMPOTENCY_MISMATCH', 'IDEMPOTENCY_IN_FLIGHT'],
    when: kind => kind.method === 'post' && !/^\/v1\/(hooks\/|uploads\/form$)/.test(kind.path),
  },
]

/** Replaces "any 4xx" by every status with which an operation is refused, with each of its codes as an example. */
export const withProblems: Step = given => {
  const document = mapOperations(given, (operation, { path, method }) => {
    const codes = codesOf({ method, path, isOpen: operation.security?.length === 0 })
    return { ...operation, responses: withCodes(operation.responses, codes) }
  })
  const answered = JSON.stringify(document.paths)
  const codes = Object.keys(ERRORS).filter(code => answered.includes(`"#/components/examples/${code}"`))
  const examples = Object.fromEntries(codes.map(code => [code, exampleOf(code as ErrorCode)]))
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

const asResponse = (codes: ErrorCode[]): Answer => ({
  description: codes.map(code => `\`${code}\`: ${errorEntry(code).owner}`).join('\n\n'),
})

const contentOf = (codes: ErrorCode[]) => ({
  'application/problem+json': {
    schema: { $ref: '#/components/schemas/Problem' },
    examples: Object.fromEntries(codes.map(code => [code, { $ref: `#/components/examples/${code}` }])),
  },
})

const DOCS_URL = 'https://media.example.com/docs'

function exampleOf(code: ErrorCode) {
  const { title, owner } = errorEntry(code)
  return {
    summary: title,
    value: problemOf({ code, detail: owner, requestId: '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071', docsUrl: DOCS_URL }),
  }
}
