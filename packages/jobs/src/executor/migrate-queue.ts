import { runMigrations } from 'bullmq'
import type { QueueBackendConfig } from './config.ts'
import { queueUnavailable } from './errors.ts'
import { CONNECT_TIMEOUT_MS } from './settings.ts'

/**
 * Brings the schema `bullmq` up to date; Redis needs nothing. Idempotent, and safe from several processes at once: BullMQ does it
 * in one transaction under an advisory lock (`pg_advisory_xact_lock`), so a late starter waits and finds nothing left to do.
 * @throws AppError UNAVAILABLE when Postgres refuses
 */
export async function migrateQueue(config: QueueBackendConfig): Promise<void> {
  if (config.kind === 'redis') return
  const { Client } = await import('pg')
  const client = new Client({ connectionString: config.url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  let lost: Error | undefined
  client.on('error', error => {
    lost = error
  })
  try {
    await client.connect()
    await runMigrations(client)
  } catch (error) {
    throw queueUnavailable('postgres', lost ?? error)
  } finally {
    await client.end()
  }
}
