import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { RedisProcess } from './redis-process.ts'

/** Several Redis servers of which one takes over when another dies. */
export interface RedisGroup {
  /** For `REDIS_URL`. */
  url: string
  /** Ports of the servers that take writes now. */
  primaries(): Promise<number[]>
  /** Ends a server with SIGKILL. */
  kill(port: number): Promise<void>
  /** Starts what was killed, and waits until it follows, so that the next server may die. */
  heal(): Promise<void>
  stop(): Promise<void>
}

const HOST = '127.0.0.1'
const TIMEOUT_MS = 60_000
const EVERY_MS = 50

/** Sends commands to one server over a connection of its own. */
export async function askRedis<T>(port: number, password: string, ask: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(port, HOST, {
    password,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
  })
  client.on('error', () => undefined)
  try {
    return await ask(client)
  } finally {
    client.disconnect()
  }
}

/** Polls until it holds; what throws does not hold yet. @throws Error with the last reason after a minute */
export async function untilHolds(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + TIMEOUT_MS
  for (;;) {
    const answer = await holds().catch((error: unknown) => error)
    if (answer === true) return
    if (performance.now() > end) throw new Error(`${what}: not within ${TIMEOUT_MS} ms (${answer})`)
    await sleep(EVERY_MS)
  }
}

export const stopAll = (servers: Iterable<RedisProcess>) => Promise.all([...servers].map(server => server.stop()))
