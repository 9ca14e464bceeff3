import { appError } from '@darkroom/contracts'
import type { FastifyInstance, HTTPMethods } from 'fastify'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const satisfies HTTPMethods[]

/**
 * Answers the methods that a path does not take with 405 and those that it does. Call it before the routes are made; it
 * adds its own when all others are there.
 */
export function refuseOtherMethods(app: FastifyInstance): { close(): void } {
  const methodsOf = new Map<string, Set<HTTPMethods>>()
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsOf.get(url) ?? new Set()
    methodsOf.set(url, methods)
    for (const each of [method].flat()) methods.add(each)
  })
  return {
    close: () =>
      // Registered, because some routes are in a scope of their own, which is loaded first then.
      void app.register(async scope => {
        for (const [url, taken] of [...methodsOf]) refuseOthers(scope, url, new Set(taken))
      }),
  }
}

function refuseOthers(app: FastifyInstance, url: string, taken: ReadonlySet<HTTPMethods>): void {
  const allow = [...taken].join(', ')
  app.route({
    url,
    method: METHODS.filter(method => !taken.has(method)),
    exposeHeadRoute: false,
    schema: { hide: true },
    async onRequest({ method }, reply) {
      reply.header('allow', allow)
      throw appError('METHOD_NOT_ALLOWED', `This path supports ${allow}, not ${method}.`)
    },
    handler: () => undefined,
  })
}
