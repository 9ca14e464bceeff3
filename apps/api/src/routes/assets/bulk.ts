import { BulkAnswer, BulkRequest } from '@darkroom/contracts'
import { changeInBulk, type Database, findForBulk, startDeletion } from '@darkroom/db'
import { again } from '../../idempotency/once.ts'
import { problems, type Route, withZod } from '../route.ts'

/** This many assets one request changes at most, so that it ends in time. */
const MAX_CHANGED = 1000
/** About so many it counts at most. */
const MAX_COUNTED = 5000
/** This many in one transaction, so that nobody waits long for its locks. */
const CHUNK = 200

/** Tags, moves or deletes many assets. What it did stands when it breaks off: send it again for the rest. */
export const bulkAssetsRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/assets/bulk',
    {
      onRequest: app.requireScope('write'),
      schema: {
        operationId: 'changeAssets',
        tags: ['Assets'],
        summary: 'Tag, move or delete many assets',
        description: `At most ${MAX_CHANGED} in one request. Ids that are not there are passed over; tags that would be too many for an asset are not added to it.`,
        body: BulkRequest,
        response: { 200: BulkAnswer, ...problems },
      },
    },
    async (request, reply) => {
      const { db } = deps.database
      const { projectId } = request.principal
      return again(deps, request, reply, async () => {
        const { ids, isAll } = await findForBulk(db, projectId, request.body, MAX_COUNTED)
        const changed = request.body.dryRun ? 0 : await changeInChunks(db, projectId, request.body, ids)
        const left = Math.max(0, ids.length - changed)
        return { matched: ids.length, exact: isAll, changed, remaining: isAll ? left : Math.max(1, left) }
      })
    },
  )
}

async function changeInChunks(db: Database, projectId: string, body: BulkRequest, ids: string[]): Promise<number> {
  let changed = 0
  for (let at = 0; at < Math.min(ids.length, MAX_CHANGED); at += CHUNK) {
    changed += await changeChunk(db, projectId, body, ids.slice(at, Math.min(at + CHUNK, MAX_CHANGED)))
  }
  return changed
}

async function changeChunk(db: Database, projectId: string, body: BulkRequest, ids: string[]): Promise<number> {
  if (body.action !== 'delete') return changeInBulk(db, projectId, body, ids)
  let deleted = 0
  for (const id of ids) {
    if (await db.transaction(tx => startDeletion(tx, id))) deleted++
  }
  return deleted
}
