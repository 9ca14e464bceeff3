import { appError, FolderPage, FolderQuery } from '@darkroom/contracts'
import { listFolders } from '@darkroom/db'
import { problems, type Route, withZod } from '../route.ts'

const encodeCursor = (name: string) => Buffer.from(name).toString('base64url')

function decodeCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null
  const name = Buffer.from(cursor, 'base64url').toString()
  if (name === '' || name.includes('\0')) throw appError('INVALID_REQUEST', 'The cursor is not one that this API gave.')
  return name
}

/** The folders right below one. A folder is there as long as an asset is in it. */
export const listFoldersRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/folders',
    {
      onRequest: app.requireScope('read'),
      schema: {
        tags: ['Assets'],
        summary: 'List folders',
        querystring: FolderQuery,
        response: { 200: FolderPage, ...problems },
      },
    },
    async request => {
      const { prefix, limit, cursor } = request.query
      const after = decodeCursor(cursor)
      const rows = await listFolders(database.db, request.principal.projectId, { prefix, after, limit: limit + 1 })
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return {
        items: items.map(row => ({ ...row, path: prefix === '' ? row.name : `${prefix}/${row.name}` })),
        nextCursor: rows.length > limit && last ? encodeCursor(last.name) : null,
      }
    },
  )
}
