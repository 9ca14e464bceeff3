import { describeOperation } from './describe-operation.ts'
import { type Html, html, prose } from './html.ts'
import { lookupIn } from './lookup.ts'
import { messageHtml, operationHtml } from './operation-html.ts'
import { anchorOf, schemaHtml } from './schema-html.ts'
import { shellHtml } from './shell.ts'
import { type Entry, entriesOf, namesInRequests, type WholeDocument } from './whole-document.ts'

/** Renders the reference as one page. */
export function referencePage(document: WholeDocument): string {
  const { info, tags, components } = document
  const { schemas } = components
  const server = document.servers[0]?.url ?? ''
  const entries = entriesOf(document)
  const lookup = lookupIn(document)
  const asked = namesInRequests(document)
  const ofTag = (tag: string) => entries.filter(({ operation }) => operation.tags?.includes(tag))
  const names = Object.keys(schemas).toSorted()
  return shellHtml({
    title: 'API reference',
    version: info.version,
    nav: html`${tags.map(({ name }) => navGroup(name, ofTag(name)))}
<p><a href="#messages">Messages of webhooks</a></p>
<details><summary>Schemas</summary><ul>${names.map(name => html`<li><a href="#${anchorOf(name)}">${name}</a></li>`)}</ul></details>`,
    main: html`<h1>${info.title} API</h1>
${prose(info.description)}
${tags.map(
  ({ name, description }) => html`<section><h2 id="${tagAnchor(name)}">${name}</h2>${prose(description)}
${ofTag(name).map(({ operation, place }) => operationHtml(describeOperation(operation, place, lookup, server)))}</section>
`,
)}
<section><h2 id="messages">Messages of webhooks</h2><p>What your endpoint is sent by POST, signed as Standard Webhooks has it.</p>
<dl class="fields">${Object.entries(document.webhooks ?? {}).map(([type, { post }]) => post && messageHtml(type, post))}</dl></section>
<section><h2 id="schemas">Schemas</h2>${names.map(name => schemaHtml(name, schemas[name] ?? {}, asked.has(name)))}</section>`,
  })
}

const tagAnchor = (name: string): string => `tag-${name.toLowerCase()}`

const navGroup = (name: string, entries: Entry[]): Html => html`
<details><summary>${name}</summary><ul><li><a href="#${tagAnchor(name)}">About ${name.toLowerCase()}</a></li>${entries.map(
  ({ operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`,
)}</ul></details>`
