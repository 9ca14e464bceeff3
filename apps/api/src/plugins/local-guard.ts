import { appError } from '@darkroom/contracts'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i
const FORWARDING_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip']

export const isLoopbackOrigin = (origin: string): boolean =>
  /^https?:\/\//.test(origin) && LOOPBACK_HOST.test(origin.replace(/^https?:\/\//, ''))

/**
 * Local mode has a key that everybody knows, so it must not be reachable from elsewhere: not through a proxy, not
 * through a name that was rebound to 127.0.0.1, not from a page of another site.
 */
export const localGuardPlugin = fp(
  async app => {
    app.addHook('onRequest', async (request: FastifyRequest) => {
      const { host, origin } = request.headers
      const forwarded = FORWARDING_HEADERS.find(header => request.headers[header] !== undefined)
      if (forwarded)
        throw appError(
          'FORBIDDEN',
          `Local mode refuses forwarded requests (${forwarded}); set PUBLIC_URL to run behind a proxy.`,
        )
      if (!host || !LOOPBACK_HOST.test(host))
        throw appError('FORBIDDEN', 'Local mode only accepts requests to 127.0.0.1 and localhost.')
      if (origin && !isLoopbackOrigin(origin))
        throw appError('FORBIDDEN', 'Local mode refuses requests from other websites.')
    })
  },
  { name: 'local-guard', fastify: '5.x' },
)
