import { readFileSync } from 'node:fs'
import fp from 'fastify-plugin'
import { referencePage, type WholeDocument } from '../reference/page.ts'

const STYLES = new URL('../reference/reference.css', import.meta.url)

/** The contract for people, at `/docs`: made once, of the document. */
export const referencePlugin = fp<{ document: () => object }>(
  async (app, { document }) => {
    const styles = readFileSync(STYLES, 'utf8')
    let page: string | undefined
    const show = { schema: { hide: true } }
    app.get('/docs', show, (_request, reply) => {
      page ??= referencePage(document() as WholeDocument)
      return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page)
    })
    app.get('/docs/', show, (_request, reply) => reply.redirect('/docs', 308))
    app.get('/docs/reference.css', show, (_request, reply) =>
      reply.type('text/css; charset=utf-8').header('cache-control', 'no-cache').send(styles),
    )
  },
  { name: 'reference', fastify: '5.x' },
)
