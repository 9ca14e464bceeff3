import type { Answer, Operation, Parameter, Schema } from '../openapi/document.ts'
import { type Html, html, inline, prose } from './html.ts'
import { type Field, fieldList, fieldsOf, typeOf } from './schema-html.ts'

export interface Place {
  path: string
  method: string
}

/** Looks up what the document refers to. */
export interface Lookup {
  schema(schema: Schema): Schema
  answer(answer: Answer): Answer
}

const PROBLEM = 'application/problem+json'

/** Renders an operation: its parameters and body, its answers, and its errors. */
export function operationHtml(operation: Operation, { path, method }: Place, lookup: Lookup, server: string): Html {
  const { operationId = '', summary = '', description = '', parameters = [] } = operation
  const answers = Object.entries(operation.responses).map(([status, answer]) => ({ status, ...lookup.answer(answer) }))
  const own = answers.filter(({ content }) => !content || Object.keys(content).some(type => type !== PROBLEM))
  return html`<article id="${operationId}"><h3>${summary}</h3>
<p class="route"><b class="${method}">${method.toUpperCase()}</b> <code>${path}</code></p>
${prose(description)}
${parameters.length > 0 && html`<h4>Parameters</h4>${fieldList(inOrder(parameters).map(parameterField))}`}
${bodyHtml(operation, lookup)}
<h4>Answers</h4><dl class="fields">${own.map(answerHtml)}</dl>
<details><summary>Problems of ${operationId}</summary><dl class="fields">${answers.flatMap(({ status, ...answer }) => problemsOf(status, answer))}</dl></details>
<details><summary>With curl: ${operationId}</summary><pre><code>${curl(operation, { path, method }, lookup, server)}</code></pre></details>
</article>
`
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

function bodyHtml({ requestBody }: Operation, lookup: Lookup): Html | null {
  const schema = requestBody?.content['application/json']?.schema
  if (!schema) return null
  const named = schema.anyOf?.find(({ $ref }) => $ref) ?? schema
  const fields = fieldsOf(lookup.schema(named), true)
  return html`<h4>Body</h4><p>${typeOf(named)}${requestBody?.required === false && ', optional'}</p>${fields.length > 0 && fieldList(fields)}`
}

function answerHtml({ status, description, headers = {}, content = {} }: Answer & { status: string }): Html {
  const types = Object.entries(content).filter(([type]) => type !== PROBLEM)
  const what = types.map(([type, { schema = {} }]) =>
    type === 'application/json' ? typeOf(schema) : html`<code>${type}</code>`,
  )
  const names = Object.keys(headers).filter(name => !EVERYWHERE.test(name))
  return html`<div><dt><code>${status}</code> <span>${what}</span></dt><dd>${inline(description)}${
    names.length > 0 && html` Headers: ${names.map((name, at) => html`${at > 0 && ', '}<code>${name}</code>`)}.`
  }</dd></div>
`
}

/** They are told of once, in the introduction. */
const EVERYWHERE = /^(X-Request-Id|RateLimit-)/

function problemsOf(status: string, { description, content }: Answer): Html[] {
  const codes = Object.keys(content?.[PROBLEM]?.examples ?? {})
  const texts = new Map([...description.matchAll(/`(\w+)`: (.+)/g)].map(([, code, text]) => [code, text]))
  return codes.map(
    code => html`<div><dt><code>${status} ${code}</code></dt><dd>${inline(texts.get(code) ?? '')}</dd></div>
`,
  )
}

function curl(
  { parameters = [], requestBody, security = [] }: Operation,
  { path, method }: Place,
  lookup: Lookup,
  server: string,
): string {
  const schema = requestBody?.content['application/json']?.schema
  const named = schema && lookup.schema(schema.anyOf?.find(({ $ref }) => $ref) ?? schema)
  const lines = [
    `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}'${server}${path}'`,
    security.length > 0 && `-H "Authorization: Bearer $DARKROOM_KEY"`,
    parameters.some(({ name }) => name === 'Idempotency-Key') && `-H "Idempotency-Key: $(uuidgen)"`,
    named && `-H 'Content-Type: application/json'`,
    named && `-d '${JSON.stringify(named.example ?? {}).replaceAll("'", "'\\''")}'`,
  ]
  return lines.filter(Boolean).join(' \\\n  ')
}

/** Renders the message of a webhook. */
export function messageHtml(type: string, { description = '', requestBody }: Operation): Html {
  const $ref = requestBody?.content['application/json']?.schema?.$ref ?? ''
  return html`<div><dt><code>${type}</code> <span>${typeOf({ $ref })}</span></dt><dd>${inline(description)}</dd></div>
`
}
