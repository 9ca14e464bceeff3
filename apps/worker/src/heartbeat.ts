import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '@darkroom/core'
import type { DatabaseClient } from '@darkroom/db'

export const HEARTBEAT_EVERY_MS = 5000

export const heartbeatFile = (tempRoot: string): string => join(tempRoot, 'heartbeat')

/** Touches a file while this process runs and reaches its database. Returns a function that ends it. */
export function startHeartbeat(tempRoot: string, database: DatabaseClient, logger: Logger): () => Promise<void> {
  const beat = async () => {
    try {
      await database.ping()
      await writeFile(heartbeatFile(tempRoot), '')
    } catch (error) {
      logger.warn({ err: error }, 'the worker does not reach its database')
    }
  }
  void beat()
  const timer = setInterval(() => void beat(), HEARTBEAT_EVERY_MS)
  return async () => {
    clearInterval(timer)
    await rm(heartbeatFile(tempRoot), { force: true })
  }
}
