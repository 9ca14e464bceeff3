import { Queue, Worker } from 'bullmq'
import { Cluster } from 'ioredis'
import { type Bull, QUEUE_OPTIONS, WORKER_OPTIONS } from './bull.ts'
import { createErrorLog } from './error-log.ts'
import type { QueueDeps } from './job-queues.ts'
import { connectRedis } from './redis-client.ts'
import { onReconnect } from './redis-reconnect.ts'
import { clusterPrefix, IDLE_WAIT_SEC, PREFIX } from './settings.ts'

export async function openRedis(config: { url: string }, deps: QueueDeps, role: 'queues' | 'worker'): Promise<Bull> {
  const onError = createErrorLog(deps.logger, 'redis')
  const connection = await connectRedis(config.url, role, onError)
  const prefixOf = (name: string) => (connection instanceof Cluster ? clusterPrefix(name) : PREFIX)
  return {
    kind: 'redis',
    openQueue: name => new Queue(name, { ...QUEUE_OPTIONS, prefix: prefixOf(name), connection }).on('error', onError),
    openWorker: (name, process, concurrency) =>
      new Worker(name, process, {
        ...WORKER_OPTIONS,
        prefix: prefixOf(name),
        connection,
        concurrency,
        drainDelay: IDLE_WAIT_SEC.redis,
      }).on('error', onError),
    interrupt: () => Promise.resolve(),
    async ping() {
      await connection.ping()
    },
    onReconnect: callback => onReconnect(connection, callback),
    async close() {
      connection.disconnect()
    },
  }
}
