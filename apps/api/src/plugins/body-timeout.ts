import type { IncomingMessage } from 'node:http'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the body of a request may come for as long as it takes, because its handler watches it. */
    streamsBody?: boolean
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/**
 * Ends a request whose body does not come in time. Node's own `requestTimeout` is of all requests of a server, and would cut an upload.
 */
export const bodyTimeoutPlugin = fp<{ timeoutMs: number }>(
  async (app, { timeoutMs }) => {
    app.addHook('onRequest', ({ raw, routeOptions }, reply, done) => {
      if (!routeOptions.config.streamsBody && hasBody(raw)) {
        const late = Object.assign(new Error('the body did not come in time'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
        const timer = setTimeout(() => app.server.emit('clientError', late, raw.socket), timeoutMs)
        const stop = () => clearTimeout(timer)
        raw.once('end', stop)
        raw.once('close', stop)
        // Of a request that is refused before its body was read.
        reply.raw.once('finish', stop)
        reply.raw.once('close', stop)
      }
      done()
    })
  },
  { name: 'body-timeout', fastify: '5.x' },
)
