import type { Logger } from '@darkroom/core'
import { Pool } from 'pg'
import { DEFAULT_POOL_MAX } from './config.ts'
import { createErrorLog } from './error-log.ts'
import { createListener, type Listener } from './postgres-listener.ts'
import {
  CONNECT_TIMEOUT_MS,
  KEEP_ALIVE_MS,
  POSTGRES_IDLE_CONNECTION_MS,
  POSTGRES_QUERY_TIMEOUT_MS,
} from './settings.ts'

interface SharedPool {
  pool: Pool
  listener: Listener
  users: number
}

/** A share of the process's pool. */
export interface PoolShare {
  readonly pool: Pool
  /** Has one of its connections. */
  readonly listener: Listener
  release(): Promise<void>
}

/**
 * One pool per server and process, however many queues and workers there are: Postgres connections are dear, and an embedded
 * server has few. It lives from the first share to the last.
 */
const pools = new Map<string, SharedPool>()

export function sharePool(config: { url: string; poolMax?: number }, logger: Logger): PoolShare {
  const shared = pools.get(config.url) ?? openPool(config, logger)
  pools.set(config.url, shared)
  shared.users++
  const { pool, listener } = shared
  let released = false
  return {
    pool,
    listener,
    async release() {
      if (released) return
      released = true
      shared.users--
      if (shared.users > 0) return
      pools.delete(config.url)
      await listener.close()
      await pool.end()
    },
  }
}

function openPool(config: { url: string; poolMax?: number }, logger: Logger): SharedPool {
  const onError = createErrorLog(logger, 'postgres')
  const pool = new Pool({
    ...withSearchPath(config.url),
    max: config.poolMax ?? DEFAULT_POOL_MAX,
    application_name: 'darkroom-queue',
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: POSTGRES_IDLE_CONNECTION_MS,
    query_timeout: POSTGRES_QUERY_TIMEOUT_MS,
  })
  pool.setMaxListeners(0) // BullMQ listens once per queue and worker
  pool.on('error', onError)
  pool.on('connect', client => client.on('error', onError)) // else the loss of a client that is in use ends the process
  return { pool, listener: createListener(pool), users: 0 }
}

/**
 * Adds the search path to a URL, because BullMQ's SQL names no schema. `pg` prefers `?options=` of the URL over ours,
 * so the two are joined.
 */
export function withSearchPath(url: string): { connectionString: string; options: string } {
  const parsed = new URL(url)
  const own = parsed.searchParams.get('options')
  parsed.searchParams.delete('options')
  return {
    connectionString: parsed.href,
    options: [own, '-c search_path=bullmq'].filter(part => part !== null).join(' '),
  }
}
