import { isErrorCode, type Problem } from '@darkroom/contracts'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Document, Operation } from './document.ts'
import type { FuzzRequest } from './request.ts'
import type { Answer } from './send.ts'

/** Tells what is wrong with an answer; nothing when it is as the document says. */
export type Check = (operation: Operation, request: FuzzRequest, answer: Answer) => string[]

const PROBLEM = 'application/problem+json'
const DOCUMENT = 'openapi'
/** A stack trace, a query, or what Postgres says of one. */
const LEAK =
  /\bat .+\.[mc]?[jt]s:\d+|node_modules|PostgresError|\bselect .+ from \\?"|\b(insert into|delete from|update) \\?"|syntax error at or near/i

/** Checks answers against the document that the API itself gives. */
export function createCheck(document: Document): Check {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: false,
    formats: { uuid: true, 'date-time': true, uri: (text: string) => URL.canParse(text) },
  })
  ajv.addSchema(document as object, DOCUMENT)
  const faultOf = (pointer: string[], value: unknown): string | undefined => {
    const $ref = `${DOCUMENT}#/${pointer.map(part => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`
    const validate = ajv.getSchema($ref)
    if (!validate) return `there is no schema at ${$ref}`
    return validate(value) ? undefined : ajv.errorsText(validate.errors)
  }
  const pointerOf = ({ path, method }: Operation) => ['paths', path, method.toLowerCase()]

  function bodyFaults(operation: Operation, { status, body }: Answer, contentType: string): string[] {
    // A HEAD has the headers of a body, and none.
    if (!/[/+]json$/.test(contentType) || operation.method.toLowerCase() === 'head') return []
    const value = parse(body)
    if (value === undefined) return ['the body is no JSON']
    const pointer =
      contentType === PROBLEM
        ? ['components', 'schemas', 'Problem']
        : [...pointerOf(operation), 'responses', String(status), 'content', contentType, 'schema']
    const fault = faultOf(pointer, value)
    return [
      ...(fault === undefined ? [] : [`the body is not of its schema: ${fault}`]),
      ...(contentType === PROBLEM ? problemFaults(operation, status, value as Problem) : []),
    ]
  }

  /** A body that its schema refuses must not be taken. */
  function acceptanceFaults(operation: Operation, { body, headers }: FuzzRequest, { status }: Answer): string[] {
    const isJson = !headers.some(([name, value]) => name === 'content-type' && value !== 'application/json')
    if (status >= 300 || !body?.length || !isJson || !operation.requestBody?.content['application/json']) return []
    const pointer = [...pointerOf(operation), 'requestBody', 'content', 'application/json', 'schema']
    const fault = faultOf(pointer, parse(body.toString()))
    return fault === undefined ? [] : [`took a body that its schema refuses: ${fault}`]
  }

  return (operation, request, answer) => {
    const { status, body, headers } = answer
    const documented = operation.responses[String(status)]
    const contentType = headers['content-type']?.split(';')[0] ?? ''
    const isDocumentedType = contentType === '' || documented?.content?.[contentType] !== undefined
    return [
      ...(status >= 500 ? [`answered ${status}: ${body.slice(0, 300)}`] : []),
      ...(documented ? [] : [`status ${status} is not documented: ${body.slice(0, 200)}`]),
      ...(documented && !isDocumentedType ? [`${contentType} is not documented for ${status}`] : []),
      ...(documented && isDocumentedType ? bodyFaults(operation, answer, contentType) : []),
      ...acceptanceFaults(operation, request, answer),
      ...(LEAK.test(body) ? ['the answer tells of our insides'] : []),
      ...(request.foreign && status < 400 ? [`reached what belongs to another project, with ${status}`] : []),
      ...(request.actor.owner === null && status < 400 && !isOpen(operation) ? [`let in nobody, with ${status}`] : []),
      ...headerFaults(documented?.headers ?? {}, headers),
    ]
  }
}

/** What proxies, browsers and caches read; everything else is for clients, so it stands in the document. */
const NOT_FOR_CLIENTS =
  /^(content-|cross-origin-|access-control-|date$|connection$|keep-alive$|transfer-encoding$|cache-control$|vary$|referrer-policy$|strict-transport-security$|origin-agent-cluster$|x-(accel-buffering|content-type-options|dns-prefetch-control|download-options|frame-options|permitted-cross-domain-policies|xss-protection)$)/

/** Headers that are sent and not documented, or documented as always there and not sent. */
function headerFaults(documented: Record<string, { required?: boolean }>, sent: Answer['headers']): string[] {
  const known = new Set(Object.keys(documented).map(name => name.toLowerCase()))
  const unknown = Object.keys(sent).filter(name => !known.has(name) && !NOT_FOR_CLIENTS.test(name))
  const missing = Object.entries(documented).filter(([name, { required }]) => required && !sent[name.toLowerCase()])
  return [
    ...unknown.map(name => `the header ${name} is not documented: name it in \`config.sends\` of the route`),
    ...missing.map(([name]) => `the header ${name} is documented and not sent`),
  ]
}

function problemFaults({ responses }: Operation, status: number, { code, status: inBody }: Problem): string[] {
  const codes = Object.keys(responses[String(status)]?.content?.[PROBLEM]?.examples ?? {})
  return [
    ...(isErrorCode(code) ? [] : [`${code} is no code of the catalogue`]),
    ...(codes.includes(code) ? [] : [`the code ${code} is not documented`]),
    ...(inBody === status ? [] : [`status ${inBody} in the body of ${status}`]),
  ]
}

const isOpen = ({ security }: Operation): boolean => security?.length === 0

function parse(body: string): unknown {
  try {
    return JSON.parse(body.replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}
