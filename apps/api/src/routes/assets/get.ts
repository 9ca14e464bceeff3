import { Asset, SETTLED_ASSET_STATUSES, WaitQuery } from '@darkroom/contracts'
import { type AssetRow, latestJobOfAsset, outdatedAmong, viewAsset } from '@darkroom/db'
import { z } from 'zod'
import type { Principal } from '../../auth/principal.ts'
import type { JobState, Outlook } from '../../outlook.ts'
import { presentAsset } from '../../presenters/asset.ts'
import { type KnownRevision, RevisionCache } from '../../revision-cache.ts'
import { readWithWait, sendNotModified, setWatchHeaders } from '../long-poll.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { assetOf } from './asset-of-request.ts'

/** One asset, with its revision as ETag; `?wait` holds the answer until it changes. */
export const getAssetRoute: Route = (app, deps) => {
  const { database, feed, outlook } = deps
  const revisions = new RevisionCache({ feed, outdatedAmong: known => outdatedAmong(database.db, known) })
  app.addHook('onClose', async () => revisions.close())
  withZod(app).get(
    '/v1/assets/:id',
    {
      onRequest: app.requireScope('read', { clientToken: true }),
      schema: {
        tags: ['Assets'],
        summary: 'Read an asset',
        params: IdParams,
        querystring: WaitQuery,
        response: { 200: Asset, 304: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const known = request.query.wait ? undefined : revisions.get(request.params.id)
      if (
        known &&
        mayKnow(request.principal, request.params.id, known) &&
        setWatchHeaders(request, reply, watchedOf(known))
      ) {
        return sendNotModified(reply)
      }
      const watched = await readWithWait(request, feed, request.query.wait ?? 0, () =>
        revisions.keep(
          request.params.id,
          async () => {
            const asset = await assetOf(database.db, request)
            const isSettled = SETTLED_ASSET_STATUSES.includes(asset.status)
            const job = isSettled ? null : await latestJobOfAsset(database.db, asset.id)
            const known = knownOf(outlook, asset, { isSettled, job })
            return { value: asset, known, ...watchedOf(known), assetId: asset.id }
          },
          ({ known }) => known,
        ),
      )
      if (setWatchHeaders(request, reply, watched)) return sendNotModified(reply)
      return presentAsset(deps, await viewAsset(database.db, watched.value))
    },
  )
}

const etagOf = ({ revision }: { revision: number }): string => `W/"${revision}"`

/** Keep only the fields a later answer needs: thousands of these are kept. */
function knownOf(
  outlook: Outlook,
  { projectId, revision, presetId, status }: AssetRow,
  { isSettled, job }: { isSettled: boolean; job: JobState | null },
): KnownRevision {
  const state = job && {
    queue: job.queue,
    status: job.status,
    progress: job.progress,
    startedAt: job.startedAt,
    availableAt: job.availableAt,
  }
  return { projectId, revision, isSettled, retryAfterSec: () => outlook.retryAfterSec({ presetId, status }, state) }
}

const watchedOf = (known: KnownRevision) => ({
  etag: etagOf(known),
  isSettled: known.isSettled,
  retryAfterSec: known.isSettled ? 0 : known.retryAfterSec(),
})

const mayKnow = ({ projectId, onlyAssetId }: Principal, id: string, known: KnownRevision): boolean =>
  known.projectId === projectId && (onlyAssetId === null || onlyAssetId === id)
