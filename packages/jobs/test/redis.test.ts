import { silentLogger } from '@darkroom/core'
import { hasRedis, startFaultProxy } from '@darkroom/testing'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createJobQueues, createQueueWorker, migrateQueue } from '../src/executor/index.ts'
import { entry, until } from './queue-contract.ts'
import { startRedis, type TestServer } from './servers.ts'

const deps = { logger: silentLogger }

describe.skipIf(!hasRedis() && !process.env.CI)(
  'the queue on Redis (skipped without redis-server, but not in CI)',
  () => {
    let server: TestServer
    beforeAll(async () => {
      server = await startRedis()
    })
    afterAll(() => server?.remove())

    it('keeps every key under its prefix', async () => {
      const queues = await createJobQueues({ kind: 'redis', url: server.url }, deps)
      await queues.add('image', entry())
      await queues.add('video', entry(3))
      const client = new Redis(server.url)
      const keys = await client.keys('*')
      client.disconnect()
      expect(keys.length).toBeGreaterThan(2)
      expect(keys.filter(key => !key.startsWith('darkroom:'))).toEqual([])
      await queues.close()
    })

    it('needs no migration', async () => {
      await expect(migrateQueue({ kind: 'redis', url: 'redis://127.0.0.1:1' })).resolves.toBeUndefined()
    })

    it('does not run an entry again whose lock ran out', async () => {
      const backend = { kind: 'redis', url: server.url } as const
      const queues = await createJobQueues(backend, deps)
      const gate = Promise.withResolvers<void>()
      let ran = 0
      const start = () =>
        createQueueWorker(backend, deps, {
          queue: 'audio',
          concurrency: 1,
          run: async () => {
            ran++
            await gate.promise
          },
        })
      const first = await start()
      const item = entry()
      await queues.add('audio', item)
      await until('it is active', () => ran === 1)
      const client = new Redis(server.url)
      await client.del(`darkroom:audio:${item.dispatchId}:lock`, 'darkroom:audio:stalled-check')
      await client.sadd('darkroom:audio:stalled', item.dispatchId)
      client.disconnect()
      const second = await start() // checks for stalled entries as it starts
      await until('it is forgotten', async () => (await queues.counts('audio')).active === 0)
      expect(ran).toBe(1)
      gate.resolve()
      await queues.add('audio', entry())
      await until('the next ran', () => ran === 2)
      await Promise.all([first.close(), second.close(), queues.close()])
    })

    it('fails within seconds, and comes back, when a connection dies without a word; so does a worker', async () => {
      const proxy = await startFaultProxy({ target: { host: '127.0.0.1', port: Number(new URL(server.url).port) } })
      const url = `redis://127.0.0.1:${proxy.port}`
      const queues = await createJobQueues({ kind: 'redis', url }, deps)
      let ran = 0
      const worker = await createQueueWorker({ kind: 'redis', url }, deps, {
        queue: 'document',
        concurrency: 2,
        run: async () => void ran++,
      })
      await queues.add('document', entry())
      await until('the first ran', () => ran === 1)
      proxy.freeze()
      const from = Date.now()
      await expect(queues.add('document', entry())).rejects.toMatchObject({ code: 'UNAVAILABLE' })
      expect(Date.now() - from).toBeLessThan(15_000)
      await until(
        'an entry can be added again',
        () =>
          queues.add('document', entry()).then(
            () => true,
            () => false,
          ),
        60_000,
      )
      await until('it ran', () => ran === 2, 60_000)
      await worker.close({ force: true })
      await queues.close()
      await proxy.close()
    }, 150_000)
  },
)
