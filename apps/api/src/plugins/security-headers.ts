import fp from 'fastify-plugin'
import helmet from 'helmet'
import type { ApiSettings } from '../deps.ts'

const HSTS_MAX_AGE_SEC = 31_536_000
/** What scripts, players and visitors of other sites ask for; the rest is the page and the documentation. */
const DATA = /^\/(v1|v|s)\//

type Settings = Pick<ApiSettings, 'mode' | 'storeOrigin'>

/**
 * Headers that keep browsers from doing more with an answer than it is for. Those of the page let it upload to the object
 * store and show what the CDNs of projects serve; the API answers with data, which may do nothing at all. They never change, so they are
 * made once: helmet makes its own anew for each request.
 */
export const securityHeadersPlugin = fp<{ settings: Settings }>(
  async (app, { settings }) => {
    const ofPage = pageHeaders(settings)
    const ofData = dataHeaders(settings)
    app.addHook('onRequest', (request, reply, done) => {
      if (DATA.test(request.url)) {
        reply.headers(ofData)
        done()
      } else ofPage(request.raw, reply.raw, error => done(error as Error | undefined))
    })
  },
  { name: 'security-headers', fastify: '5.x' },
)

const dataHeaders = ({ mode }: Settings): Record<string, string> => ({
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-site',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  ...(mode !== 'local' && { 'strict-transport-security': `max-age=${HSTS_MAX_AGE_SEC}; includeSubDomains` }),
})

const pageHeaders = ({ mode, storeOrigin }: Settings) =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        // Each project may have a CDN of its own.
        'img-src': ['*', 'data:', 'blob:'],
        // Of a video on this machine the page shows a frame before it is sent.
        'media-src': ['*', 'blob:'],
        'connect-src': ["'self'", storeOrigin],
        'style-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
        'object-src': ["'none'"],
      },
    },
    strictTransportSecurity: mode === 'local' ? false : { maxAge: HSTS_MAX_AGE_SEC },
    crossOriginResourcePolicy: { policy: 'same-site' },
  })
