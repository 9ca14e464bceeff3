import { type ErrorCode, FollowQuery, LastEventId } from '@darkroom/contracts'
import { isAppError } from '@darkroom/core'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { createAssetFollowers } from '../../follow/asset-followers.ts'
import { Follower } from '../../follow/follower.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { assetOf } from './asset-of-request.ts'

/** How often it is asked again whether the client may still look: a key may be revoked, a token runs out. */
const CHECK_EVERY_MS = 30_000
const ENDS_STREAM: ErrorCode[] = ['UNAUTHORIZED', 'FORBIDDEN', 'PROJECT_DELETING']

/** Streams what happens to one asset as server-sent events. `Last-Event-ID` continues a lost connection. */
export const assetEventsRoute: Route = (app, deps) => {
  const followers = createAssetFollowers(deps)
  app.addHook('onClose', async () => followers.close())

  withZod(app).get(
    '/v1/assets/:id/events',
    {
      onRequest: app.requireScope('read', { clientToken: true }),
      // Not `only`: whoever does not accept a stream gets one all the same, as the plugin's own 406 is no problem document.
      sse: { kind: 'manual', serializer: String },
      schema: {
        operationId: 'followAsset',
        tags: ['Assets'],
        summary: 'Stream the events of an asset',
        description:
          'Server-sent events. Read them with fetch, because EventSource cannot send the `Authorization` header. Each event of the log has its number as id. `asset` contains the whole asset after each change, also of its progress. `end` says why the stream ends. Without `Last-Event-ID`, the stream starts with the current asset.',
        params: IdParams,
        querystring: FollowQuery,
        headers: LastEventId,
        response: {
          200: {
            description: 'The stream ends when the asset is settled.',
            content: { 'text/event-stream': { schema: z.string() } },
          },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const asset = await assetOf(deps.database.db, request)
      const { sse } = reply
      // So that whoever comes back does not do so on a connection that is about to be closed.
      reply.header('connection', 'close')
      // Or the connection counts as answered when this returns.
      sse.keepAlive()
      sse.sendHeaders()
      reply.raw.flushHeaders()
      const follower = new Follower({
        seq: lastEventId(request.headers['last-event-id']) ?? asset.revision,
        endsWhenSettled: !request.query.follow,
        send: message => sse.send(message),
        close: () => sse.close(),
      })
      const check = setInterval(() => {
        app.assertScope(request, 'read', { clientToken: true }).catch(error => {
          if (ENDS_STREAM.some(code => isAppError(error, code))) follower.end('unauthorized')
        })
      }, CHECK_EVERY_MS)
      const unfollow = followers.follow(asset, follower)
      onceClosed(reply, () => {
        clearInterval(check)
        unfollow()
      })
    },
  )
}

/** Parses the id of the last event. An invalid one counts as none; ours have 31 bits. */
function lastEventId(header: string | string[] | undefined): number | null {
  const text = Array.isArray(header) ? header[0] : header
  return text && /^\d{1,9}$/.test(text) ? Number(text) : null
}

function onceClosed({ raw, sse }: FastifyReply, release: () => void): void {
  sse.onClose(release)
  raw.once('close', release)
  if (raw.destroyed) release()
}
