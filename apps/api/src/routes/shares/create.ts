import { appError, CreateShare, ShareCreated } from '@darkroom/contracts'
import { createShare, getShare, type ShareRow } from '@darkroom/db/assets'
import { idempotent } from '../../idempotency/idempotent.ts'
import { presentShare } from '../../presenters/share.ts'
import { assetOf } from '../assets/asset-of-request.ts'
import { IdParams, problems, type Route, raise, withZod } from '../route.ts'
import { hashShareToken, newShareToken } from './share-token.ts'

interface Made {
  share: ShareRow
  /** Null when it was made by an earlier request: the row has no more than a hash of the token. */
  url: string | null
}

/** Makes a link under which anybody sees one file of an asset. */
export const createShareRoute: Route = (app, deps) => {
  const { database, settings, clock } = deps
  withZod(app).post(
    '/v1/assets/:id/shares',
    {
      onRequest: app.requireScope('write'),
      config: { sends: ['Location'] },
      schema: {
        operationId: 'createShare',
        tags: ['Shares'],
        summary: 'Create a share link',
        params: IdParams,
        body: CreateShare,
        response: { 201: ShareCreated, ...problems },
      },
    },
    async (request, reply) => {
      const { variant = null, expiresAt, maxDownloads = null } = request.body
      const until = expiresAt === undefined ? null : new Date(expiresAt)
      if (until && until <= clock.now()) throw appError('INVALID_REQUEST', 'expiresAt is in the past.')
      const { id: assetId, projectId, deletedAt } = await assetOf(database.db, request)
      if (deletedAt) throw appError('ASSET_DELETED')
      const made = await idempotent<Made>(deps, request, reply, {
        perform: commit =>
          commit(async tx => {
            const token = newShareToken()
            const wanted = {
              projectId,
              assetId,
              tokenHash: hashShareToken(token),
              variant,
              expiresAt: until,
              maxDownloads,
            }
            const share = (await createShare(tx, wanted)) ?? raise('TOO_MANY_SHARES')
            return { share, url: `${settings.publicUrl()}/s/${token}` }
          }),
        outcomeOf: ({ share }) => share.id,
        recall: async id => ({
          share: (await getShare(database.db, { projectId, assetId, id })) ?? raise('NOT_FOUND'),
          url: null,
        }),
      })
      return reply
        .code(201)
        .header('location', `/v1/assets/${assetId}/shares/${made.share.id}`)
        .send({ ...presentShare(made.share), url: made.url })
    },
  )
}
