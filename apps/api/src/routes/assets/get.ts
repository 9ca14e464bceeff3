import { Asset, IfNoneMatch, WaitQuery } from '@darkroom/contracts'
import { type AssetRow, findAssetWithJob, outdatedAmong, readAssetRecord } from '@darkroom/db/assets'
import type { JobRow } from '@darkroom/db/jobs'
import { z } from 'zod'
import type { Principal } from '../../auth/principal.ts'
import type { Eta, JobState } from '../../eta.ts'
import { isSettled, presentAsset } from '../../presenters/asset.ts'
import { type KnownRevision, RevisionCache } from '../../revision-cache.ts'
import { readWithWait, sendNotModified, setWatchHeaders } from '../long-poll.ts'
import { IdParams, idOf, problems, type Route, withZod } from '../route.ts'
import { assertMayAskFor, assertShown } from './asset-of-request.ts'
import { etagOf } from './revision-tag.ts'

/** Returns one asset with its revision as ETag; `?wait` holds the answer until the asset changes. */
export const getAssetRoute: Route = (app, deps) => {
  const { database, feed, eta } = deps
  const revisions = new RevisionCache({ feed, outdatedAmong: known => outdatedAmong(database.db, known) })
  app.addHook('onClose', async () => revisions.close())
  withZod(app).get(
    '/v1/assets/:id',
    {
      onRequest: app.requireScope('read', { clientToken: true }),
      config: { sends: ['ETag', 'Retry-After'] },
      schema: {
        operationId: 'getAsset',
        tags: ['Assets'],
        summary: 'Get an asset',
        params: IdParams,
        querystring: WaitQuery,
        headers: IfNoneMatch,
        response: { 200: Asset, 304: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const id = idOf(request)
      const watched = (known: KnownRevision) => watchedOf(known, request.principal)
      const known = request.query.wait ? undefined : revisions.get(id)
      if (known && mayKnow(request.principal, id, known) && setWatchHeaders(request, reply, watched(known))) {
        return sendNotModified(reply)
      }
      const read = await readWithWait(request, feed, request.query.wait ?? 0, () =>
        revisions.keep(
          id,
          async () => {
            const { principal } = request
            assertMayAskFor(principal, id)
            const found = await findAssetWithJob(database.db, principal.projectId, id)
            const asset = assertShown(found?.asset)
            const known = knownOf(eta, asset, found?.job ?? null)
            return { value: asset, known, ...watched(known), assetId: asset.id }
          },
          ({ known }) => known,
        ),
      )
      if (setWatchHeaders(request, reply, read)) return sendNotModified(reply)
      return presentAsset(deps, await readAssetRecord(database.db, read.value))
    },
  )
}

/** Picks the fields that a later answer needs, because thousands of these are cached. */
function knownOf(eta: Eta, asset: AssetRow, job: JobRow | null): KnownRevision {
  const { projectId, revision, presetId, status } = asset
  const state: JobState | null = job && {
    projectId,
    queue: job.queue,
    lane: job.lane,
    status: job.status,
    progress: job.progress,
    startedAt: job.startedAt,
    availableAt: job.availableAt,
  }
  return {
    projectId,
    revision,
    isSettled: isSettled(asset, job),
    retryAfterSec: () => eta.retryAfterSec({ presetId, status }, state),
  }
}

const watchedOf = (known: KnownRevision, principal: Principal) => ({
  etag: etagOf(known, principal),
  isSettled: known.isSettled,
  retryAfterSec: known.isSettled ? 0 : known.retryAfterSec(),
})

const mayKnow = ({ projectId, onlyAssetId }: Principal, id: string, known: KnownRevision): boolean =>
  known.projectId === projectId && (onlyAssetId === null || onlyAssetId === id)
