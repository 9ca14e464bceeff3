import {
  type BackendFactory,
  isPgPool,
  PostgresConnection,
  type PostgresConnectionOptions,
  PostgresQueueBackend,
  withBackend,
} from 'bullmq'
import { type Bull, type BullWorker, QUEUE_OPTIONS, WORKER_OPTIONS } from './bull.ts'
import { createErrorLog } from './error-log.ts'
import type { QueueDeps } from './job-queues.ts'
import type { Listener } from './postgres-listener.ts'
import { sharePool } from './postgres-pool.ts'
import { IDLE_WAIT_SEC } from './settings.ts'

/**
 * Returns a function that creates BullMQ's backend on Postgres. Its workers listen on one connection, while BullMQ 6.7 takes one
 * out of the pool for each, and their waits are capped: with keepalive on, BullMQ lets a worker wait an hour for a
 * delayed entry, and a dead socket would cost that hour.
 */
export const backendOn =
  (listener: Listener): BackendFactory<PostgresQueueBackend, PostgresConnectionOptions> =>
  (name, options) => {
    const connection = new PostgresConnection(options.connection)
    Object.assign(connection, { getListenClient: listener.connect })
    connection.once(
      'close',
      listener.onLost(() => connection.emit('listenerinvalidated')),
    )
    return Object.defineProperty(new PostgresQueueBackend(connection, name, options), 'maximumBlockTimeout', {
      value: IDLE_WAIT_SEC.postgres,
    })
  }

export async function openPostgres(config: { url: string; poolMax?: number }, deps: QueueDeps): Promise<Bull> {
  const onError = createErrorLog(deps.logger, 'postgres')
  const { pool, listener, release } = sharePool(config, deps.logger)
  const connection: unknown = pool
  if (!isPgPool(connection)) throw new TypeError('BullMQ does not take this pg.Pool.') // its type wants an index signature
  const { Queue, Worker } = withBackend(backendOn(listener))
  const backends = new Map<BullWorker, PostgresQueueBackend>()
  return {
    kind: 'postgres',
    openQueue: name => new Queue(name, { ...QUEUE_OPTIONS, connection }).on('error', onError),
    openWorker(name, process, concurrency) {
      const worker = new Worker(name, process, {
        ...WORKER_OPTIONS,
        connection,
        concurrency,
        drainDelay: IDLE_WAIT_SEC.postgres,
      }).on('error', onError)
      backends.set(worker, worker.getBackend())
      return worker
    },
    async interrupt(worker) {
      await backends.get(worker)?.disconnectBlocking()
    },
    async ping() {
      await pool.query('SELECT 1')
    },
    // Its entries are in the database that holds the rows: what one loses, the other does.
    onReconnect: () => () => undefined,
    close: release,
  }
}
