import { type Connections, watchConnections } from '@darkroom/core'
import { fastifySSE } from '@fastify/sse'
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
  fastify,
  LogController,
} from 'fastify'
import { serializerCompiler } from 'fastify-type-provider-zod'
import type { ApiDeps } from './deps.ts'
import { auditPlugin } from './plugins/audit.ts'
import { authPlugin } from './plugins/auth.ts'
import { bodyTimeoutPlugin } from './plugins/body-timeout.ts'
import { clientErrorHandler } from './plugins/client-error.ts'
import { compressionPlugin } from './plugins/compression.ts'
import { correlationPlugin, newRequestId } from './plugins/correlation.ts'
import { corsPlugin } from './plugins/cors.ts'
import { errorsPlugin, sendNotFound, sendProblem } from './plugins/errors.ts'
import { jsonPlugin } from './plugins/json.ts'
import { localGuardPlugin } from './plugins/local-guard.ts'
import { metricsPlugin } from './plugins/metrics.ts'
import { openapiPlugin } from './plugins/openapi.ts'
import { securityHeadersPlugin } from './plugins/security-headers.ts'
import { webPlugin } from './plugins/web.ts'
import { requestLogger } from './request-logger.ts'
import { ROUTES } from './routes/index.ts'
import { routesPlugin } from './routes/route.ts'
import { requestValidator } from './validation/request-validator.ts'

const BODY_LIMIT_BYTES = 256 * 1024
/** For headers, and then again for a body. */
const REQUEST_TIMEOUT_MS = 30_000
/** Proxies close connections on which nothing comes for a minute. */
const HEARTBEAT_MS = 15_000

/**
 * Reads and writes by zod. Set here, because before a later `setValidatorCompiler` Fastify would have loaded compilers of its own (Ajv,
 * fast-json-stringify). Its types know only those.
 */
const SCHEMA_CONTROLLER = {
  compilersFactory: { buildValidator: () => requestValidator, buildSerializer: () => serializerCompiler },
} as unknown as NonNullable<FastifyServerOptions['schemaController']>

declare module 'fastify' {
  interface FastifyInstance {
    connections: Connections
  }
}

/**
 * Builds the HTTP application: routes, plugins and error handling. Reads no environment variable and does not listen.
 */
export async function buildApp(deps: ApiDeps): Promise<FastifyInstance> {
  const { settings, logger } = deps
  const apiLogger: FastifyBaseLogger = logger.child({ part: 'api' })
  const app = fastify({
    loggerInstance: apiLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    childLoggerFactory: requestLogger,
    genReqId: newRequestId,
    bodyLimit: BODY_LIMIT_BYTES,
    // Of bodies by route, below.
    requestTimeout: 0,
    // Only what `drainServer` left; a `close` without it, as in tests, waits for nobody.
    forceCloseConnections: true,
    schemaController: SCHEMA_CONTROLLER,
    clientErrorHandler: clientErrorHandler(settings.docsUrl),
    frameworkErrors: (error, request, reply) => {
      // No hook runs for these: the path could not even be read.
      void sendProblem(request, reply.header('x-request-id', request.id), error)
    },
  })
  app.server.headersTimeout = REQUEST_TIMEOUT_MS
  app.decorate('connections', watchConnections(app.server))

  await app.register(bodyTimeoutPlugin, { timeoutMs: REQUEST_TIMEOUT_MS })
  await app.register(correlationPlugin)
  await app.register(metricsPlugin)
  await app.register(errorsPlugin, { settings })
  await app.register(jsonPlugin)
  if (settings.mode === 'local') await app.register(localGuardPlugin)
  await app.register(securityHeadersPlugin, { settings })
  await app.register(corsPlugin, { deps })
  await app.register(compressionPlugin)
  await app.register(openapiPlugin, { settings })
  await app.register(fastifySSE, { heartbeatInterval: HEARTBEAT_MS })
  await app.register(authPlugin, { deps })
  await app.register(auditPlugin, { deps })
  await app.register(routesPlugin(ROUTES, deps))
  if (settings.webRoot) await app.register(webPlugin, { webRoot: settings.webRoot })
  else app.setNotFoundHandler(sendNotFound)
  return app
}
