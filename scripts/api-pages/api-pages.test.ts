import { globSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { entriesOf, type WholeDocument } from '../../apps/api/src/reference/whole-document.ts'
import { apiDocument } from './api-document.ts'
import { apiPages } from './api-pages.ts'
import { prose, typeOf } from './schema-markdown.ts'

const ROOT = join(import.meta.dirname, '../..')
let document: WholeDocument
let pages: Record<string, string>
beforeAll(async () => {
  document = await apiDocument()
  pages = apiPages(document, '')
})

it('has each operation on the page of its group, with a command', () => {
  const operations = entriesOf(document)
  expect(operations.length).toBeGreaterThan(80)
  const absent = operations.filter(({ operation, place }) => {
    const page = pages[`docs/api/${operation.tags?.[0]?.toLowerCase()}.md`] ?? ''
    return !page.includes(`\`${place.method.toUpperCase()} ${place.path}\` (\`${operation.operationId}\`)`)
  })
  expect(absent).toEqual([])
  expect(pages['docs/api/uploads.md']).toContain(
    'curl -X POST "$DARKROOM_URL/v1/uploads/$ID/confirm" \\\n  -H "Authorization: Bearer $DARKROOM_KEY"',
  )
})

it('has every schema, every group and every message once', () => {
  const headings = (path: string) => [...(pages[path] ?? '').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
  expect(headings('docs/api/schemas.md')).toEqual(Object.keys(document.components.schemas).toSorted())
  expect(headings('docs/api/messages.md')).toEqual(Object.keys(document.webhooks ?? {}))
  for (const { name } of document.tags) expect(pages['docs/api/README.md']).toContain(`](${name.toLowerCase()}.md)`)
})

it('is all that is in docs/api', () => {
  expect(globSync('docs/api/*.md', { cwd: ROOT }).sort()).toEqual(Object.keys(pages).sort())
})

it('escapes what would be a tag, and links to schemas', () => {
  expect(prose('`<id>` of <script>')).toBe('`<id>` of &lt;script>')
  expect(typeOf({ type: 'array', items: { $ref: '#/components/schemas/AssetPage' } })).toBe(
    'list of [AssetPage](schemas.md#assetpage)',
  )
})
