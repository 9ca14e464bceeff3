import { readFileSync } from 'node:fs'
import fp from 'fastify-plugin'
import { errorsPage } from '../reference/errors-page.ts'
import { referencePage } from '../reference/page.ts'
import type { WholeDocument } from '../reference/whole-document.ts'

const STYLES = new URL('../reference/reference.css', import.meta.url)

/** The documentation that every installation has, each page made once: the contract at `/docs`, of the document, and the errors. */
export const referencePlugin = fp<{ document: () => object; version: string }>(
  async (app, { document, version }) => {
    const styles = readFileSync(STYLES, 'utf8')
    const show = { schema: { hide: true } }
    const showPage = (path: string, render: () => string) => {
      let page: string | undefined
      app.get(path, show, (_request, reply) => {
        page ??= render()
        return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page)
      })
    }
    showPage('/docs', () => referencePage(document() as WholeDocument))
    showPage('/docs/errors', () => errorsPage({ version }))
    app.get('/docs/', show, (_request, reply) => reply.redirect('/docs', 308))
    app.get('/docs/reference.css', show, (_request, reply) =>
      reply.type('text/css; charset=utf-8').header('cache-control', 'no-cache').send(styles),
    )
  },
  { name: 'reference', fastify: '5.x' },
)
