import {
  type BackendFactory,
  createPostgresBackend,
  isPgPool,
  type PostgresConnectionOptions,
  type PostgresQueueBackend,
  withBackend,
} from 'bullmq'
import { type Bull, type BullWorker, QUEUE_OPTIONS, WORKER_OPTIONS } from './bull.ts'
import { createErrorLog } from './error-log.ts'
import type { QueueDeps } from './job-queues.ts'
import { sharePool } from './postgres-pool.ts'
import { IDLE_WAIT_SEC } from './settings.ts'

/**
 * Creates BullMQ's backend on Postgres with a capped wait. With keepalive on, BullMQ 6.7 lets a worker wait an hour for
 * a delayed entry, and a dead socket would cost that hour.
 */
export const createCappedBackend: BackendFactory<PostgresQueueBackend, PostgresConnectionOptions> = (
  name,
  options,
  more,
) =>
  Object.defineProperty(createPostgresBackend(name, options, more), 'maximumBlockTimeout', {
    value: IDLE_WAIT_SEC.postgres,
  })

const { Queue, Worker } = withBackend(createCappedBackend)

export async function openPostgres(
  config: { url: string; poolMax?: number },
  deps: QueueDeps,
  role: 'queues' | 'worker',
): Promise<Bull> {
  const onError = createErrorLog(deps.logger, 'postgres')
  const { pool, release } = sharePool(config, { listens: role === 'worker', logger: deps.logger })
  const connection: unknown = pool
  if (!isPgPool(connection)) throw new TypeError('BullMQ does not take this pg.Pool.') // its type wants an index signature
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
