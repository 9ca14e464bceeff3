import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type Correlation, withCorrelation } from '@darkroom/core'
import { parseTraceparent, type Span, startSpan } from '@darkroom/core/tracing'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyRequest {
    correlation: Correlation
    /** Null for what is asked every few seconds. */
    span: Span | null
  }
}

/** UUIDs, ULIDs, and what proxies make: letters, digits and `.:_+/=@-`. Nothing that a log, a header or a shell would read as more. */
const REQUEST_ID = /^[\w.:+/=@-]{1,128}$/

/** Returns the id that the client gave its request in `X-Request-Id`; a new one where it gave none, or one that is not allowed. */
export function newRequestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
}

/** What load balancers and Prometheus ask for: their traces would be most of all, and say nothing. */
const UNTRACED: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

const correlateRequests: FastifyPluginAsync = async app => {
  // Both are set before anybody can read them.
  app.decorateRequest('correlation')
  app.decorateRequest('span')
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    request.span = startRequestSpan(request)
    request.correlation = { requestId: request.id, trace: request.span?.trace }
    withCorrelation(request.correlation, done)
  })
  // Once more, because a body is read by events of its connection, which belongs to no request.
  app.addHook('preValidation', (request, _reply, done) => withCorrelation(request.correlation, done))
  app.addHook('onResponse', ({ span }, { statusCode }, done) => {
    span?.set({ 'http.response.status_code': statusCode })
    if (statusCode >= 500) span?.fail(String(statusCode))
    span?.end()
    done()
  })
}

function startRequestSpan(request: FastifyRequest): Span | null {
  const { method, id, headers } = request
  // Its template: a path may have the token of a view.
  const route = request.is404 ? undefined : request.routeOptions.url
  if (route && UNTRACED.has(route)) return null
  return startSpan(route ? `${method} ${route}` : method, {
    kind: 'server',
    parent: parseTraceparent(headers.traceparent),
    attributes: { 'http.request.method': method, 'darkroom.request.id': id, ...(route && { 'http.route': route }) },
  })
}

/** Answers each request with its id, makes its span, and has log lines and jobs that it causes carry both. */
export const correlationPlugin = fp(correlateRequests)
