import { appError, CreateShare, ShareCreated } from '@darkroom/contracts'
import { createShare } from '@darkroom/db'
import { presentShare } from '../../presenters/share.ts'
import { assetOf } from '../assets/asset-of-request.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { hashShareToken, newShareToken } from './share-token.ts'

/** Makes a link under which anybody sees one file of an asset. */
export const createShareRoute: Route = (app, { database, settings, clock }) => {
  withZod(app).post(
    '/v1/assets/:id/shares',
    {
      onRequest: app.requireScope('write'),
      schema: {
        tags: ['Shares'],
        summary: 'Share a file by a link',
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
      const token = newShareToken()
      const wanted = { projectId, assetId, tokenHash: hashShareToken(token), variant, expiresAt: until, maxDownloads }
      const share = await database.db.transaction(tx => createShare(tx, wanted))
      if (!share) throw appError('TOO_MANY_SHARES')
      return reply.code(201).send({ ...presentShare(share), url: `${settings.publicUrl()}/s/${token}` })
    },
  )
}
