import fp from 'fastify-plugin'
import helmet from 'helmet'
import type { ApiSettings } from '../deps.ts'

const HSTS_MAX_AGE_SEC = 31_536_000
/** What scripts, players and visitors of other sites ask for; the rest is the page and the documentation. */
const DATA = /^\/(v1|v|s)\//

/**
 * Headers that keep browsers from doing more with an answer than it is for. Those of the page let it upload to the object
 * store and show what the CDN serves; the API answers with data, which may do nothing at all. They never change, so they are
 * made once: helmet makes its own anew for each request.
 */
export const securityHeadersPlugin = fp<{ mode: ApiSettings['mode'] }>(
  async (app, { mode }) => {
    const ofPage = pageHeaders(mode)
    const ofData = dataHeaders(mode)
    app.addHook('onRequest', (request, reply, done) => {
      if (DATA.test(request.url)) {
        reply.headers(ofData)
        done()
      } else ofPage(request.raw, reply.raw, error => done(error as Error | undefined))
    })
  },
  { name: 'security-headers', fastify: '5.x' },
)

const dataHeaders = (mode: ApiSettings['mode']): Record<string, string> => ({
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-site',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  ...(mode !== 'local' && { 'strict-transport-security': `max-age=${HSTS_MAX_AGE_SEC}; includeSubDomains` }),
})

const pageHeaders = (mode: ApiSettings['mode']) =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        // The page uploads to the object store and shows what the CDN serves; neither is our origin.
        'img-src': ['*', 'data:', 'blob:'],
        'media-src': ['*'],
        'connect-src': ['*'],
        'style-src': ["'self'", "'unsafe-inline'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
        'object-src': ["'none'"],
      },
    },
    strictTransportSecurity: mode === 'local' ? false : { maxAge: HSTS_MAX_AGE_SEC },
    crossOriginResourcePolicy: { policy: 'same-site' },
  })
