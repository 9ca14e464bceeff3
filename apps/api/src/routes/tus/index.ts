import type { Route } from '../route.ts'
import { appendTusUploadRoute } from './append.ts'
import { createTusUploadRoute } from './create.ts'
import { discoverTusRoute } from './discover.ts'
import { tusOffsetRoute } from './offset.ts'
import { overrideTusMethodRoute } from './override-method.ts'
import { checkTusVersion, TUS_VERSION } from './protocol.ts'
import { terminateTusUploadRoute } from './terminate.ts'

const ROUTES = [
  discoverTusRoute,
  createTusUploadRoute,
  tusOffsetRoute,
  appendTusUploadRoute,
  terminateTusUploadRoute,
  overrideTusMethodRoute,
]

/** Serves the tus protocol, version 1.0.0. No body is read before its handler does. */
export const tusRoutes: Route = (app, deps) => {
  void app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _body, done) => done(null))
    scope.addHook('onRequest', async (_request, reply) => void reply.header('tus-resumable', TUS_VERSION))
    // After it is known who asks.
    scope.addHook('preParsing', async (request, reply) => checkTusVersion(request, reply))
    for (const route of ROUTES) route(scope, deps)
  })
}
