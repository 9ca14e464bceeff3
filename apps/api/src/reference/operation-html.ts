import { errorAnchor } from '@darkroom/contracts'
import type { Operation } from '../openapi/document.ts'
import type { OperationDescription } from './describe-operation.ts'
import { type Html, html, inline, prose } from './html.ts'
import { fieldList, typeOf } from './schema-html.ts'

type Described<Part extends 'answers' | 'problems'> = OperationDescription[Part][number]

/** Renders an operation: its parameters and body, its answers, and its errors. */
export function operationHtml(described: OperationDescription): Html {
  const { id, summary, description, method, path, parameters, body, answers, problems, curl } = described
  return html`<article id="${id}"><h3>${summary}</h3>
<p class="route"><b class="${method}">${method.toUpperCase()}</b> <code>${path}</code></p>
${prose(description)}
${parameters.length > 0 && html`<h4>Parameters</h4>${fieldList(parameters)}`}
${bodyHtml(body)}
<h4>Answers</h4><dl class="fields">${answers.map(answerHtml)}</dl>
<details><summary>Problems of ${id}</summary><dl class="fields">${problems.map(problemHtml)}</dl></details>
<details><summary>With curl: ${id}</summary><pre><code>${curl}</code></pre></details>
</article>
`
}

function bodyHtml(body: OperationDescription['body']): Html | null {
  if (!body) return null
  const { schema, isOptional, fields } = body
  return html`<h4>Body</h4><p>${typeOf(schema)}${isOptional && ', optional'}</p>${fields.length > 0 && fieldList(fields)}`
}

function answerHtml({ status, description, content, headers }: Described<'answers'>): Html {
  const what = content.map(({ type, schema }) =>
    type === 'application/json' ? typeOf(schema) : html`<code>${type}</code>`,
  )
  return html`<div><dt><code>${status}</code> <span>${what}</span></dt><dd>${inline(description)}${
    headers.length > 0 && html` Headers: ${headers.map((name, at) => html`${at > 0 && ', '}<code>${name}</code>`)}.`
  }</dd></div>
`
}

const problemHtml = ({ status, code, text }: Described<'problems'>): Html =>
  html`<div><dt><a href="/docs/errors#${errorAnchor(code)}"><code>${status} ${code}</code></a></dt><dd>${inline(text)}</dd></div>
`

/** Renders the message of a webhook. */
export function messageHtml(type: string, { description = '', requestBody }: Operation): Html {
  const $ref = requestBody?.content['application/json']?.schema?.$ref ?? ''
  return html`<div><dt><code>${type}</code> <span>${typeOf({ $ref })}</span></dt><dd>${inline(description)}</dd></div>
`
}
