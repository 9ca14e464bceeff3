import { BulkAnswer, BulkRequest } from '@darkroom/contracts'
import { changeInBulk, countForBulk, type Database, findForBulk, startDeletion } from '@darkroom/db'
import { again } from '../../idempotency/once.ts'
import { problems, type Route, withZod } from '../route.ts'

/** This many assets one request changes at most, so that it ends in time. */
const MAX_CHANGED = 1000
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
        const matched = await countForBulk(db, projectId, request.body)
        const changed = request.body.dryRun ? 0 : await changeInChunks(db, projectId, request.body, matched)
        return { matched, changed, remaining: Math.max(0, matched - changed) }
      })
    },
  )
}

async function changeInChunks(db: Database, projectId: string, body: BulkRequest, matched: number): Promise<number> {
  const wanted = Math.min(matched, MAX_CHANGED)
  let changed = 0
  while (changed < wanted) {
    const count = await changeChunk(db, projectId, body, Math.min(CHUNK, wanted - changed))
    if (count === 0) break
    changed += count
  }
  return changed
}

async function changeChunk(db: Database, projectId: string, body: BulkRequest, limit: number): Promise<number> {
  if (body.action !== 'delete') return changeInBulk(db, projectId, body, limit)
  let deleted = 0
  for (const id of await findForBulk(db, projectId, body, limit)) {
    if (await db.transaction(tx => startDeletion(tx, id))) deleted++
  }
  return deleted
}
