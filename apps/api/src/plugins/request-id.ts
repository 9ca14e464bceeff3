import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { withCorrelation } from '@darkroom/core'
import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'

/** UUIDs, ULIDs, and what proxies make: letters, digits and `.:_+/=@-`. Nothing that a log, a header or a shell would read as more. */
const REQUEST_ID = /^[\w.:+/=@-]{1,128}$/

/** Returns the id that the client gave its request in `X-Request-Id`; a new one where it gave none, or one that is not allowed. */
export function newRequestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
}

const correlateRequests: FastifyPluginAsync = async app => {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    withCorrelation({ requestId: request.id }, done)
  })
  // Once more, because a body is read by events of its connection, which belongs to no request.
  app.addHook('preValidation', (request, _reply, done) => withCorrelation({ requestId: request.id }, done))
}

/** Answers each request with its id, and has log lines and jobs that it causes carry it. */
export const requestIdPlugin = fp(correlateRequests)
