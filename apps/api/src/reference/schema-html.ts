import type { Schema } from '../openapi/document.ts'
import { type Field, fieldsOf, inlineFieldsOf } from './fields.ts'
import { type Html, html, inline } from './html.ts'
import { type TypePart, typeParts } from './type-parts.ts'

/** Returns the anchor of a named schema. */
export const anchorOf = (name: string): string => `schema-${name}`

/** Describes the type of a schema in a few words, with links to named schemas. */
export const typeOf = (schema: Schema): Html => html`${typeParts(schema).map(partHtml)}`

function partHtml(part: TypePart): Html {
  if ('schema' in part) return html`<a href="#${anchorOf(part.schema)}">${part.schema}</a>`
  if ('code' in part) return html`<code>${part.code}</code>`
  return html`${part.text}`
}

/** Renders a list of fields with their types and meanings. */
export const fieldList = (fields: Field[]): Html =>
  html`<dl class="fields">${fields.map(
    ({
      name,
      schema,
      note,
      description,
    }) => html`<div><dt><code>${name}</code> <span>${typeOf(schema)}${note && `, ${note}`}</span></dt>
<dd>${inline(description ?? '')}${inlineFields(schema)}</dd></div>
`,
  )}</dl>`

/** Renders the fields of an object without a name in its place. */
function inlineFields(schema: Schema): Html | null {
  const fields = inlineFieldsOf(schema)
  return fields.length > 0 ? fieldList(fields) : null
}

/** Renders a named schema with all of its fields. */
export function schemaHtml(name: string, schema: Schema, isRequest: boolean): Html {
  const { description, properties, example } = schema
  return html`<article id="${anchorOf(name)}"><h3>${name}</h3>
${description && html`<p>${inline(description)}</p>`}${properties ? fieldList(fieldsOf(schema, isRequest)) : html`<p>${typeOf(schema)}</p>`}
${example !== undefined && html`<details><summary>Example of ${name}</summary>${jsonBlock(example)}</details>`}</article>
`
}

const jsonBlock = (value: unknown): Html => html`<pre><code>${JSON.stringify(value, null, 2)}</code></pre>`
