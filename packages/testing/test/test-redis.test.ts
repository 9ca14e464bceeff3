import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { childrenOf, freePort, hasRedis, startTestRedis } from '../src/index.ts'

describe.skipIf(!hasRedis())('startTestRedis', () => {
  it('starts an empty server that keeps nothing, and stops it for good', async () => {
    const server = await startTestRedis()
    const client = new Redis(server.url)
    expect(await client.dbsize()).toBe(0)
    expect(await client.config('GET', 'save')).toEqual(['save', ''])
    client.disconnect()
    expect(childrenOf(process.pid)).toContain(server.pid)
    await server.stop()
    await server.stop()
    expect(childrenOf(process.pid)).not.toContain(server.pid)
  })

  it('comes back on the port it had', async () => {
    const port = await freePort()
    const first = await startTestRedis({ port })
    await first.stop()
    const second = await startTestRedis({ port })
    expect(second.url).toBe(first.url)
    await second.stop()
  })

  it('says so when the port is taken, even by another Redis', async () => {
    const server = await startTestRedis()
    const port = Number(new URL(server.url).port)
    await expect(startTestRedis({ port })).rejects.toThrow(/redis-server exited with/)
    await server.stop()
  })
})
