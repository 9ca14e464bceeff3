import { appError, BackfillAnswer, BackfillPage, BackfillQuery } from '@darkroom/contracts'
import { findBackfill, listBackfills } from '@darkroom/db/backfills'
import { presentBackfill } from '../../presenters/backfill.ts'
import { decodeCursor, toPage } from '../page.ts'
import { IdParams, idOf, problems, type Route, withZod } from '../route.ts'

/** Lists the backfills of a project, the newest first. */
export const listBackfillsRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/backfills',
    {
      onRequest: app.requireScope('read'),
      schema: {
        operationId: 'listBackfills',
        tags: ['Presets'],
        summary: 'List backfills',
        querystring: BackfillQuery,
        response: { 200: BackfillPage, ...problems },
      },
    },
    async request => {
      const { cursor, limit } = request.query
      const rows = await listBackfills(database.db, request.principal.projectId, {
        after: decodeCursor(cursor),
        limit: limit + 1,
      })
      const { items, nextCursor } = toPage(rows, limit, row => row.id)
      return { items: items.map(presentBackfill), nextCursor }
    },
  )
}

/** Returns the progress of a backfill, and what failed. */
export const getBackfillRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/backfills/:id',
    {
      onRequest: app.requireScope('read'),
      schema: {
        operationId: 'getBackfill',
        tags: ['Presets'],
        summary: 'Get a backfill',
        params: IdParams,
        response: { 200: BackfillAnswer, ...problems },
      },
    },
    async request => {
      const row = await findBackfill(database.db, request.principal.projectId, idOf(request))
      if (!row) throw appError('NOT_FOUND')
      return { backfill: presentBackfill(row) }
    },
  )
}
