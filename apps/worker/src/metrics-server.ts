import { once } from 'node:events'
import { ConfigError } from '@darkroom/core'
import { collectMetrics } from '@darkroom/core/metrics'
import { createServer } from '@darkroom/core/node-http'

/**
 * Serves the metrics of this process at `GET /metrics`, to whoever can reach the port. Returns a function that ends it.
 * @throws ConfigError when it cannot listen
 */
export async function serveMetrics(port: number, host: string): Promise<() => Promise<void>> {
  const metrics = await collectMetrics({ readsDatabase: false })
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.format())
  })
  try {
    server.listen({ host, port })
    await once(server, 'listening')
  } catch (error) {
    metrics.close()
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError([
      `WORKER_METRICS_PORT: expected a free port of this machine (${reason}); each worker on a machine needs its own`,
    ])
  }
  return async () => {
    metrics.close()
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
}
