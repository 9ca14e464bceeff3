import { BulkAnswer, BulkRequest } from '@darkroom/contracts'
import { changeInBulk, filterOfBulk, findForBulk, isDeletion, outcomesOfBulk } from '@darkroom/db/assets'
import type { Database } from '@darkroom/db/client'
import { deleteIfMeant } from '@darkroom/db/deletion'
import { repeatable } from '../../idempotency/idempotent.ts'
import { problems, type Route, withZod } from '../route.ts'
import { decodeCursor, encodeCursor } from './list-cursor.ts'

/** This many assets one request changes at most, so that it ends in time. */
const MAX_CHANGED = 1000
/** The order in which assets are looked for. */
const ORDER = 'createdAt'
/** This many in one transaction, so that nobody waits long for its locks. */
const CHUNK = 200

/** Tags, moves, deletes or restores many assets. What it did stands when it breaks off: send it again for the rest. */
export const bulkAssetsRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/assets/bulk',
    {
      onRequest: app.requireScope('write'),
      schema: {
        operationId: 'changeAssets',
        tags: ['Assets'],
        summary: 'Tag, move, delete or restore many assets',
        description: `Changes at most ${MAX_CHANGED} assets per request. Unknown ids are ignored. Tags beyond the maximum of an asset are not added. With \`undoSec\`, a deletion can be undone by \`restore\` until then; what is published stays so.`,
        body: BulkRequest,
        response: { 200: BulkAnswer, ...problems },
      },
    },
    async (request, reply) => {
      const { db } = deps.database
      const { projectId } = request.principal
      return repeatable(deps, request, reply, async () => {
        const { cursor, dryRun, ids: named } = request.body
        const { ids, next } = await findForBulk(db, projectId, request.body, decodeCursor(ORDER, cursor))
        const tried = dryRun ? [] : ids.slice(0, MAX_CHANGED)
        const changed = await changeInChunks(db, projectId, request.body, tried)
        const left = ids.length - tried.length
        const last = left > 0 && !dryRun ? tried.at(-1) : undefined
        const place = last === undefined ? next : { id: last, value: null }
        return {
          matched: ids.length,
          exact: next === null,
          changed: changed.length,
          remaining: next ? Math.max(1, left) : left,
          nextCursor: place && encodeCursor(ORDER, place),
          items: named
            ? await outcomesOfBulk(db, projectId, request.body, { named, changed: new Set(dryRun ? ids : changed) })
            : null,
        }
      })
    },
  )
}

/** @returns the ids of those that were changed */
async function changeInChunks(db: Database, projectId: string, body: BulkRequest, ids: string[]): Promise<string[]> {
  const changed: string[] = []
  for (let at = 0; at < ids.length; at += CHUNK) {
    changed.push(...(await changeChunk(db, projectId, body, ids.slice(at, at + CHUNK))))
  }
  return changed
}

async function changeChunk(db: Database, projectId: string, body: BulkRequest, ids: string[]): Promise<string[]> {
  if (!isDeletion(body)) return changeInBulk(db, projectId, body, ids)
  const deleted: string[] = []
  for (const id of ids) {
    if (await deleteIfMeant(db, projectId, filterOfBulk(body), id)) deleted.push(id)
  }
  return deleted
}
