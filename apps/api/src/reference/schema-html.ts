import { nameOf, type Schema } from '../openapi/document.ts'
import { type Html, html, inline } from './html.ts'

/** Returns the anchor of a named schema. */
export const anchorOf = (name: string): string => `schema-${name}`

const linkTo = ($ref: string): Html => html`<a href="#${anchorOf(nameOf($ref))}">${nameOf($ref)}</a>`
const joined = (parts: Html[], by: string): Html[] =>
  parts.flatMap((part, at) => (at === 0 ? [part] : [html`${by}`, part]))
const isAnyText = ({ type, enum: values }: Schema) => type === 'string' && !values

/** Describes the type of a schema in a few words, with links to named schemas. */
export function typeOf(schema: Schema): Html {
  const { $ref, const: only, enum: values, anyOf, oneOf, items, type, format } = schema
  if ($ref) return linkTo($ref)
  if (only !== undefined) return html`<code>${JSON.stringify(only)}</code>`
  if (values)
    return html`${joined(
      values.map(value => html`<code>${String(value)}</code>`),
      ', ',
    )}`
  const either = anyOf ?? oneOf
  if (either) {
    const isOpen = either.some(({ enum: known }) => known) && either.some(isAnyText)
    const parts = either.filter(part => !isOpen || !isAnyText(part)).map(typeOf)
    return html`${joined(parts, ' or ')}${isOpen && ' or future values'}`
  }
  if (items) return html`list of ${typeOf(items)}`
  // A text or nothing is one schema with two types.
  const [own = 'anything', ...others] = [type ?? []].flat()
  return html`${[format ?? own, ...others].join(' or ')}${rangeOf(schema)}`
}

function rangeOf({ minimum, maximum, minLength, maxLength, default: standard }: Schema): string {
  const isWhole = (limit: number | undefined) => limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER
  const limits = [
    isWhole(minimum) && `from ${minimum}`,
    isWhole(maximum) && `to ${maximum}`,
    minLength !== undefined && minLength > 1 && `at least ${minLength} characters`,
    maxLength !== undefined && `at most ${maxLength} characters`,
    standard !== undefined && `default ${JSON.stringify(standard)}`,
  ].filter(Boolean)
  return limits.length > 0 ? `, ${limits.join(', ')}` : ''
}

export interface Field {
  name: string
  schema: Schema
  note: string
  description: string | undefined
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

/** Returns the fields of an object, or of each object in a list. */
export function fieldsOf({ properties = {}, required = [] }: Schema, isRequest: boolean): Field[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    schema,
    description: schema.description,
    note: required.includes(name) === isRequest ? (isRequest ? 'required' : 'optional') : '',
  }))
}

/** Renders the fields of an object without a name in its place. */
function inlineFields(schema: Schema): Html | null {
  const one = [schema, schema.items, ...(schema.anyOf ?? [])].find(part => part?.properties)
  return one ? fieldList(fieldsOf(one, false)) : null
}

/** Renders a named schema with all of its fields. */
export function schemaHtml(name: string, schema: Schema, isRequest: boolean): Html {
  const { description, properties, example } = schema
  return html`<article id="${anchorOf(name)}"><h3>${name}</h3>
${description && html`<p>${inline(description)}</p>`}${properties ? fieldList(fieldsOf(schema, isRequest)) : html`<p>${typeOf(schema)}</p>`}
${example !== undefined && html`<details><summary>Example of ${name}</summary>${jsonBlock(example)}</details>`}</article>
`
}

export const jsonBlock = (value: unknown): Html => html`<pre><code>${JSON.stringify(value, null, 2)}</code></pre>`
