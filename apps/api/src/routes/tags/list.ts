import { TagPage, TagQuery } from '@darkroom/contracts'
import { listTags } from '@darkroom/db/assets'
import { decodeCursor, encodeCursor } from '../page.ts'
import { problems, type Route, withZod } from '../route.ts'

const isTag = (text: string) => text !== '' && !text.includes('\0')

/** Lists the tags of a project. A tag exists as long as an asset has it. */
export const listTagsRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/tags',
    {
      onRequest: app.requireScope('read'),
      schema: {
        operationId: 'listTags',
        tags: ['Assets'],
        summary: 'List tags',
        querystring: TagQuery,
        response: { 200: TagPage, ...problems },
      },
    },
    async request => {
      const { q = '', limit, cursor } = request.query
      const after = decodeCursor(cursor, isTag)
      const { items, next } = await listTags(database.db, request.principal.projectId, { q, after, limit })
      return { items, nextCursor: next && encodeCursor(next) }
    },
  )
}
