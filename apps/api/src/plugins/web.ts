import fastifyStatic from '@fastify/static'
import fp from 'fastify-plugin'
import { sendNotFound } from './errors.ts'

/** Serves the built page: hashed assets for ever, anything else that a browser opens is the page itself. */
export const webPlugin = fp<{ webRoot: string }>(
  async (app, { webRoot }) => {
    await app.register(fastifyStatic, {
      root: webRoot,
      wildcard: false,
      setHeaders: (reply, path) => {
        reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
    app.setNotFoundHandler((request, reply) => {
      const wantsPage = request.method === 'GET' && request.headers.accept?.includes('text/html')
      const isApi = /^\/(v1|v|s|docs|openapi\.json|healthz|readyz|metrics)(\/|$|\?)/.test(request.url)
      if (wantsPage && !isApi) return reply.sendFile('index.html')
      return sendNotFound(request, reply)
    })
  },
  { name: 'web', fastify: '5.x', dependencies: ['errors'] },
)
