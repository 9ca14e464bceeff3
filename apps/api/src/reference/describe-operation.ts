import type { Answer, Operation, Parameter, Schema } from '../openapi/document.ts'
import { type Field, fieldsOf } from './fields.ts'
import type { Lookup } from './lookup.ts'
import type { Place } from './whole-document.ts'

/** All that a reader is told of an operation, in whatever format. */
export interface OperationDescription extends Place {
  id: string
  summary: string
  /** Paragraphs, with `code` and **bold**. */
  description: string
  parameters: Field[]
  body: { schema: Schema; isOptional: boolean; fields: Field[] } | null
  answers: AnswerDescription[]
  problems: { status: string; code: string; text: string }[]
  /** A command for a shell that has the ids of the path as variables. */
  curl: string
}

interface AnswerDescription {
  status: string
  description: string
  content: { type: string; schema: Schema }[]
  headers: string[]
}

const PROBLEM = 'application/problem+json'

/** They are told of once, in the introduction. */
const EVERYWHERE = /^(X-Request-Id|RateLimit-)/

/** @param server URL of the API, or the shell variable that has it */
export function describeOperation(
  operation: Operation,
  place: Place,
  lookup: Lookup,
  server: string,
): OperationDescription {
  const { operationId = '', summary = '', description = '', parameters = [] } = operation
  const answers = Object.entries(operation.responses).map(([status, answer]) => ({ status, ...lookup.answer(answer) }))
  return {
    ...place,
    id: operationId,
    summary,
    description,
    parameters: inOrder(parameters).map(parameterField),
    body: describeBody(operation, lookup),
    answers: answers.filter(isOwn).map(describeAnswer),
    problems: answers.flatMap(problemsOf),
    curl: curl(operation, place, lookup, server),
  }
}

/** Sorts parameters: path, query, headers. */
const inOrder = (parameters: Parameter[]): Parameter[] =>
  (['path', 'query', 'header'] as const).flatMap(place => parameters.filter(parameter => parameter.in === place))

const parameterField = ({ in: place, name, required, description, schema }: Parameter): Field => ({
  name,
  schema,
  description,
  note: [place === 'query' ? '' : `in the ${place}`, required && place !== 'path' ? 'required' : '']
    .filter(Boolean)
    .join(', '),
})

const bodyOf = ({ requestBody }: Operation): Schema | undefined => {
  const schema = requestBody?.content['application/json']?.schema
  return schema?.anyOf?.find(({ $ref }) => $ref) ?? schema
}

function describeBody(operation: Operation, lookup: Lookup): OperationDescription['body'] {
  const schema = bodyOf(operation)
  if (!schema) return null
  return {
    schema,
    isOptional: operation.requestBody?.required === false,
    fields: fieldsOf(lookup.schema(schema), true),
  }
}

const isOwn = ({ content }: Answer): boolean => !content || Object.keys(content).some(type => type !== PROBLEM)

const describeAnswer = ({
  status,
  description,
  headers = {},
  content = {},
}: Answer & { status: string }): AnswerDescription => ({
  status,
  description,
  content: Object.entries(content)
    .filter(([type]) => type !== PROBLEM)
    .map(([type, { schema = {} }]) => ({ type, schema })),
  headers: Object.keys(headers).filter(name => !EVERYWHERE.test(name)),
})

function problemsOf({ status, description, content }: Answer & { status: string }) {
  const codes = Object.keys(content?.[PROBLEM]?.examples ?? {})
  const texts = new Map([...description.matchAll(/`(\w+)`: (.+)/g)].map(([, code, text]) => [code, text]))
  return codes.map(code => ({ status, code, text: texts.get(code) ?? '' }))
}

function curl(operation: Operation, { path, method }: Place, lookup: Lookup, server: string): string {
  const { parameters = [], security = [] } = operation
  const schema = bodyOf(operation)
  const body = schema && lookup.schema(schema).example
  const lines = [
    `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}"${server}${asVariables(path)}"`,
    security.length > 0 && `-H "Authorization: Bearer $DARKROOM_KEY"`,
    parameters.some(({ name }) => name === 'Idempotency-Key') && `-H "Idempotency-Key: $(uuidgen)"`,
    ...parameters.filter(isNeeded).map(({ name, schema }) => `-H '${name}: ${schema.example}'`),
    schema && `-H 'Content-Type: application/json'`,
    schema && `-d '${JSON.stringify(body ?? {}, null, 2).replaceAll("'", "'\\''")}'`,
  ]
  return lines.filter(Boolean).join(' \\\n  ')
}

const isNeeded = ({ in: place, required, schema }: Parameter): boolean =>
  place === 'header' && required === true && schema.example !== undefined

/** Turns `{deliveryId}` into `$DELIVERY_ID`, because curl itself expands braces. */
const asVariables = (path: string): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `$${name.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`)
