import { measure } from '@darkroom/core/metrics'
import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'

const measureRequests: FastifyPluginAsync = async app => {
  app.addHook('onResponse', (request, reply, done) => {
    const status = `${Math.floor(reply.statusCode / 100)}xx`
    // Its template: paths have ids, of which there is no end.
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none')
    const labels = { method: request.method, route, status }
    measure('darkroom_http_request_duration_seconds', labels, reply.elapsedTime / 1000)
    done()
  })
}

/** Measures how long responses take, by route. */
export const metricsPlugin = fp(measureRequests)
