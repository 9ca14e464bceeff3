import { fastify } from 'fastify'
import { expect, it } from 'vitest'
import { compressionPlugin } from './compression.ts'

const LARGE = { text: 'again and again '.repeat(1000) }

async function answerOf(method: 'GET' | 'HEAD' | 'POST' | 'DELETE', url: string) {
  const app = fastify()
  await app.register(compressionPlugin)
  if (method === 'HEAD') app.get(url, () => LARGE)
  else app.route({ method, url, handler: () => LARGE })
  return app.inject({ method, url, headers: { 'accept-encoding': 'gzip' } })
}

it.each([
  ['GET', '/v1/assets'],
  ['HEAD', '/v1/assets'],
  ['GET', '/openapi.json'],
  ['POST', '/v1/assets/status'],
] as const)('compresses %s %s', async (method, url) => {
  expect((await answerOf(method, url)).headers['content-encoding']).toBe('gzip')
})

it.each([
  ['POST', '/v1/uploads'],
  ['POST', '/v1/uploads/:id/renew'],
  ['POST', '/v1/admin/projects/:id/keys'],
  ['POST', '/v1/webhooks'],
  ['POST', '/v1/assets/:id/shares'],
  ['GET', '/v1/assets/:id/view'],
  ['GET', '/v1/assets/:id/events'],
  ['GET', '/v/:token/:file'],
] as const)('sends %s %s as it is', async (method, url) => {
  expect((await answerOf(method, url)).headers['content-encoding']).toBeUndefined()
})

it('leaves a route without hooks without them, which is how a public one is known', async () => {
  const app = fastify()
  let onRequest: unknown = 'not seen'
  await app.register(compressionPlugin)
  app.addHook('onRoute', route => {
    onRequest = route.onRequest
  })
  app.get('/public', { exposeHeadRoute: false }, () => LARGE)
  expect(onRequest).toBeUndefined()
})
