import { FolderPage, FolderQuery } from '@darkroom/contracts'
import { listFolders } from '@darkroom/db/assets'
import { decodeCursor, toPage } from '../page.ts'
import { problems, type Route, withZod } from '../route.ts'

const isName = (text: string) => text !== '' && !text.includes('\0')

/** Lists the folders directly below a folder. A folder exists as long as an asset is in it. */
export const listFoldersRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/folders',
    {
      onRequest: app.requireScope('read'),
      schema: {
        operationId: 'listFolders',
        tags: ['Assets'],
        summary: 'List folders',
        querystring: FolderQuery,
        response: { 200: FolderPage, ...problems },
      },
    },
    async request => {
      const { prefix, limit, cursor } = request.query
      const after = decodeCursor(cursor, isName)
      const rows = await listFolders(database.db, request.principal.projectId, { prefix, after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, row => row.name)
      return {
        items: items.map(row => ({ ...row, path: prefix === '' ? row.name : `${prefix}/${row.name}` })),
        nextCursor,
      }
    },
  )
}
