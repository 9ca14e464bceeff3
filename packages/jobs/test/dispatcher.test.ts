import { setTimeout as sleep } from 'node:timers/promises'
import { silentLogger } from '@darkroom/core'
import { JOBS_CHANNEL } from '@darkroom/db/jobs'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useTestDatabase } from '../../db/test/database.ts'
import { startDispatcher } from '../src/dispatcher/start-dispatcher.ts'
import { createJobQueues, migrateQueue } from '../src/executor/index.ts'

const test = useTestDatabase()

describe('a dispatcher that does not lead', () => {
  it('is not woken into a new connection by every job', async () => {
    const backend = { kind: 'postgres', url: test.url } as const
    await migrateQueue(backend)
    const queues = await createJobQueues(backend, { logger: silentLogger })
    const { database } = test
    const lead = await database.tryAdvisoryLock('darkroom.dispatcher', () => undefined)
    const follower = await startDispatcher({ database, queues, logger: silentLogger })
    try {
      const sessions = async () => {
        await database.db.execute(sql`SELECT pg_stat_force_next_flush()`)
        const [row] = await database.db.execute<{ sessions: number }>(
          sql`SELECT sessions::int FROM pg_stat_database WHERE datname = current_database()`,
        )
        return row?.sessions ?? 0
      }
      await sleep(500)
      const before = await sessions()
      for (let job = 0; job < 50; job++) {
        await database.db.execute(sql`SELECT pg_notify(${JOBS_CHANNEL}, 'image')`)
        await sleep(20)
      }
      expect((await sessions()) - before).toBeLessThan(5)
    } finally {
      await follower.close()
      await queues.close()
      await lead?.release()
    }
  })
})
