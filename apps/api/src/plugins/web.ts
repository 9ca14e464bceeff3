import { isPagePath } from '@darkroom/contracts/page-paths'
import fastifyStatic from '@fastify/static'
import fp from 'fastify-plugin'
import { sendNotFound } from './errors.ts'

/** An answer with another status than 200 has no tag: what is asked for again with one would be answered with 304. */
const WITHOUT_TAG = { etag: false, lastModified: false }

/**
 * Serves the built page: hashed assets for ever, each in the encoding that the build left beside it. Anything else that a
 * browser opens is the page itself, with 404 where that has no such place.
 */
export const webPlugin = fp<{ webRoot: string }>(
  async (app, { webRoot }) => {
    await app.register(fastifyStatic, {
      root: webRoot,
      wildcard: false,
      preCompressed: true,
      globIgnore: ['**/*.{br,gz}'],
      setHeaders: (reply, path) => {
        reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
    app.setNotFoundHandler((request, reply) => {
      const { method, url, headers } = request
      const wantsPage = (method === 'GET' || method === 'HEAD') && headers.accept?.includes('text/html')
      const isApi = /^\/(v1|v|s|docs|openapi\.json|healthz|readyz|metrics)(\/|$|\?)/.test(url)
      if (!wantsPage || isApi) return sendNotFound(request, reply)
      if (isPagePath(url.split('?')[0] ?? '')) return reply.sendFile('index.html')
      return reply.code(404).sendFile('index.html', WITHOUT_TAG)
    })
  },
  { name: 'web', fastify: '5.x', dependencies: ['errors'] },
)
