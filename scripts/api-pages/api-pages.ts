import { describeOperation } from '../../apps/api/src/reference/describe-operation.ts'
import { lookupIn } from '../../apps/api/src/reference/lookup.ts'
import { entriesOf, namesInRequests, type WholeDocument } from '../../apps/api/src/reference/whole-document.ts'
import { operationMarkdown } from './operation-markdown.ts'
import { prose, schemaMarkdown, typeOf } from './schema-markdown.ts'

/** Formats the OpenAPI document as Markdown: an introduction, a page for each group, the messages of webhooks, and the schemas. */
export function apiPages(document: WholeDocument, generated: string): Record<string, string> {
  const groups = document.tags.map(({ name }) => [`docs/api/${fileOf(name)}`, groupPage(document, name, generated)])
  return {
    'docs/api/README.md': introduction(document, generated),
    ...Object.fromEntries(groups),
    'docs/api/messages.md': messagesPage(document, generated),
    'docs/api/schemas.md': schemasPage(document, generated),
  }
}

const fileOf = (tag: string): string => `${tag.toLowerCase()}.md`

const introduction = ({ info, tags }: WholeDocument, generated: string): string =>
  [
    '# API reference',
    generated,
    prose(info.description),
    'A running Darkroom has the same reference at `/docs`, and the OpenAPI document at `/openapi.json`. The commands of these pages expect two variables, and a variable for each id in a path:',
    '```sh\nDARKROOM_URL=http://127.0.0.1:3000\nDARKROOM_KEY=dk_local_development   # of npm start; else of `npx darkroom keys create`\n```',
    [
      ...tags.map(({ name, description }) => `- [${name}](${fileOf(name)}): ${prose(description)}`),
      '- [Messages of webhooks](messages.md): what your endpoint is sent.',
      '- [Schemas](schemas.md): every object of requests and answers.',
      '- [Errors](../errors.md): every code.',
    ].join('\n'),
  ].join('\n\n')

function groupPage(document: WholeDocument, tag: string, generated: string): string {
  const lookup = lookupIn(document)
  const operations = entriesOf(document)
    .filter(({ operation }) => operation.tags?.includes(tag))
    .map(({ operation, place }) => operationMarkdown(describeOperation(operation, place, lookup, '$DARKROOM_URL')))
  const about = document.tags.find(({ name }) => name === tag)?.description ?? ''
  return [`# ${tag} API`, generated, prose(about), ...operations].join('\n\n')
}

function messagesPage({ webhooks = {} }: WholeDocument, generated: string): string {
  const messages = Object.entries(webhooks).flatMap(([type, { post }]) => {
    const schema = post?.requestBody?.content['application/json']?.schema
    return post && schema ? [`## ${type}\n\n${prose(`${typeOf(schema)}. ${post.description ?? ''}`)}`] : []
  })
  const about =
    'What your endpoint is sent by POST, signed as Standard Webhooks has it. [Receive webhooks](../how-to/webhooks.md) says how to check and answer them.'
  return ['# Messages of webhooks', generated, about, ...messages].join('\n\n')
}

function schemasPage(document: WholeDocument, generated: string): string {
  const { schemas } = document.components
  const asked = namesInRequests(document)
  const names = Object.keys(schemas).toSorted()
  const about = 'Every object of requests and answers. Answers can have more fields than these.'
  const sections = names.map(name => schemaMarkdown(name, schemas[name] ?? {}, asked.has(name)))
  return ['# Schemas of the API', generated, about, ...sections].join('\n\n')
}
