import { appError } from '@darkroom/contracts'
import { type AssetRow, countDownload, findShare } from '@darkroom/db/assets'
import { z } from 'zod'
import { assertProjectOpen } from '../../auth/assert-project-open.ts'
import { signFile } from '../assets/signed-file.ts'
import { LinkQuery, problems, type Route, withZod } from '../route.ts'
import { hashShareToken } from './share-token.ts'

/** Long enough to begin a download; afterwards the link is asked again, and may have ended. */
const TTL_SEC = 60
const MAX_TTL_SEC = 604_800

/** Returns the lifetime of a redirect in seconds. Players request a file piece by piece until it ends, with pauses. */
const ttlSecOf = ({ durationMs }: AssetRow): number =>
  Math.min(MAX_TTL_SEC, TTL_SEC + 2 * Math.ceil((durationMs ?? 0) / 1000))

/** Sends whoever has a link to its file. */
export const followShareRoute: Route = (app, deps) => {
  withZod(app).get(
    '/s/:token',
    {
      schema: {
        operationId: 'openShare',
        tags: ['Shares'],
        summary: 'Open a share link',
        description: 'Needs no API key: the token in the path gives access.',
        params: z.object({ token: z.string() }),
        querystring: LinkQuery,
        response: { 302: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const { db } = deps.database
      const found = await findShare(db, hashShareToken(request.params.token))
      if (!found) throw appError('NOT_FOUND', 'This link does not exist.')
      const { share, asset, project, isOpen } = found
      assertProjectOpen(project)
      if (!isOpen || asset.deletedAt) throw appError('SHARE_ENDED')
      const url = await signFile(deps, asset, { variant: share.variant ?? undefined, ttlSec: ttlSecOf(asset) })
      // Counted last, so that a file that is not there uses nothing up, and not by who only looks where it leads.
      if (request.method !== 'HEAD' && !(await countDownload(db, share.id))) throw appError('SHARE_ENDED')
      return reply
        .headers({ 'cache-control': 'private, no-store', 'referrer-policy': 'no-referrer' })
        .redirect(url, 302)
    },
  )
}
