import { type Answer, type Document, nameOf, namesIn, type Operation, type Schema } from '../openapi/document.ts'
import { type Html, html, prose } from './html.ts'
import { type Lookup, messageHtml, operationHtml, type Place } from './operation-html.ts'
import { anchorOf, schemaHtml } from './schema-html.ts'

/** A finished document, as it is answered. */
export interface WholeDocument extends Document {
  info: { title: string; version: string; description: string }
  servers: { url: string }[]
  tags: { name: string; description: string }[]
}

type Entry = { operation: Operation; place: Place }

/**
 * Renders the reference as one page without scripts, so that everything in it can be searched, linked to, printed and
 * read aloud.
 */
export function referencePage(document: WholeDocument): string {
  const { info, tags, components } = document
  const { schemas } = components
  const server = document.servers[0]?.url ?? ''
  const entries = entriesOf(document)
  const lookup = lookupIn(document)
  const asked = namesIn(
    entries.map(({ operation: { requestBody } }) => requestBody),
    schemas,
  )
  const ofTag = (tag: string) => entries.filter(({ operation }) => operation.tags?.includes(tag))
  const names = Object.keys(schemas).toSorted()
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${info.title} API reference</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/reference.css">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><a href="/" class="name">${info.title}</a> <span>API reference, version ${info.version}</span> <a href="/openapi.json">OpenAPI 3.1</a></header>
<nav aria-label="Contents">${tags.map(({ name }) => navGroup(name, ofTag(name)))}
<p><a href="#messages">Messages of webhooks</a></p>
<details><summary>Schemas</summary><ul>${names.map(name => html`<li><a href="#${anchorOf(name)}">${name}</a></li>`)}</ul></details></nav>
<main id="content"><h1>${info.title} API</h1>
${prose(info.description)}
${tags.map(
  ({ name, description }) => html`<section><h2 id="${tagAnchor(name)}">${name}</h2>${prose(description)}
${ofTag(name).map(({ operation, place }) => operationHtml(operation, place, lookup, server))}</section>
`,
)}
<section><h2 id="messages">Messages of webhooks</h2><p>What your endpoint is sent by POST, signed as Standard Webhooks has it.</p>
<dl class="fields">${Object.entries(document.webhooks ?? {}).map(([type, { post }]) => post && messageHtml(type, post))}</dl></section>
<section><h2 id="schemas">Schemas</h2>${names.map(name => schemaHtml(name, schemas[name] ?? {}, asked.has(name)))}</section>
</main>
</body>
</html>
`.markup
}

const tagAnchor = (name: string): string => `tag-${name.toLowerCase()}`

const navGroup = (name: string, entries: Entry[]): Html => html`
<details><summary>${name}</summary><ul><li><a href="#${tagAnchor(name)}">About ${name.toLowerCase()}</a></li>${entries.map(
  ({ operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`,
)}</ul></details>`

const entriesOf = ({ paths }: Document): Entry[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ operation, place: { path, method } })),
  )

function lookupIn({ components }: Document): Lookup {
  return {
    schema: schema => (schema.$ref ? (components.schemas[nameOf(schema.$ref)] ?? schema) : schema) as Schema,
    answer: answer =>
      '$ref' in answer ? (components.responses?.[String(answer.$ref).split('/').at(-1) ?? ''] as Answer) : answer,
  }
}
