import { hasRedis } from '@darkroom/testing'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { migrateQueue } from '../src/executor/index.ts'
import { jobQueueContract } from './queue-contract.ts'
import { query, startPostgres, startRedis } from './servers.ts'

jobQueueContract('postgres', async () => {
  const server = await startPostgres()
  const config = { kind: 'postgres', url: server.url } as const
  await migrateQueue(config)
  return {
    ...server,
    config,
    wipe: async () => void (await query(server.url, 'TRUNCATE bullmq.job, bullmq.meta CASCADE')),
  }
})

if (hasRedis()) {
  jobQueueContract('redis', async () => {
    const server = await startRedis()
    const wipe = async () => {
      const client = new Redis(server.url)
      await client.flushall()
      client.disconnect()
    }
    return { ...server, config: { kind: 'redis', url: server.url }, wipe }
  })
} else {
  describe('job queue on redis', () => {
    it.skipIf(!process.env.CI)('has a redis-server to run on (without one it is skipped, but not in CI)', () => {
      expect(hasRedis()).toBe(true)
    })
  })
}
