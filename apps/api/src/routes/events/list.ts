import { appError, EventPage, EventQuery } from '@darkroom/contracts'
import { FEED_START, type FeedPosition, latestPosition, readFeed } from '@darkroom/db/events'
import { messageIdOf, renderMessage } from '@darkroom/webhooks'
import { problems, type Route, withZod } from '../route.ts'
import { decodeFeedCursor, encodeFeedCursor, isUnsealed } from './feed-cursor.ts'

const LATEST = 'latest'

/**
 * Refuses a cursor ahead of the log. Positions only grow, so it is of another database, from which ours was restored.
 */
function refuseForeignCursor(from: FeedPosition, reached: FeedPosition): void {
  if (BigInt(from.xid) > BigInt(reached.xid))
    throw appError('INVALID_REQUEST', 'The cursor is from before a restore of the database. Start without a cursor.')
}

/** Lists the events of a project, the same that webhooks deliver, for clients that poll. */
export const listEventsRoute: Route = (app, { database, settings: { secret } }) => {
  withZod(app).get(
    '/v1/events',
    {
      onRequest: app.requireScope('read'),
      schema: {
        operationId: 'listEvents',
        tags: ['Webhooks'],
        summary: 'List events',
        description:
          'The event log of the project, in order. Store `nextCursor` and send it as `after` in the next request. No event is skipped, even if its transaction was committed late.',
        querystring: EventQuery,
        response: { 200: EventPage, ...problems },
      },
    },
    async (request, reply) => {
      const { after, limit, types = null } = request.query
      reply.header('cache-control', 'private, no-cache')
      if (after === LATEST) {
        return { items: [], nextCursor: encodeFeedCursor(await latestPosition(database.db), secret), hasMore: false }
      }
      const from = after === undefined || isUnsealed(after) ? FEED_START : decodeFeedCursor(after, secret)
      const { events, position, hasMore } = await readFeed(database.db, {
        projectId: request.principal.projectId,
        after: from,
        types,
        limit,
      })
      refuseForeignCursor(from, position)
      return {
        items: events.map(event => ({ id: messageIdOf(event.id, secret), ...renderMessage(event) })),
        nextCursor: encodeFeedCursor(position, secret),
        hasMore,
      }
    },
  )
}
