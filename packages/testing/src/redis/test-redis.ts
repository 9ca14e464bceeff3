import { freePort } from '../free-port.ts'
import { startRedisProcess } from './redis-process.ts'

export interface TestRedis {
  url: string
  pid: number
  /** Resolves when the server is gone. */
  stop(): Promise<void>
}

/** Keeps nothing on disk and forgets nothing in memory. */
export const IN_MEMORY = { save: '', appendonly: 'no', 'maxmemory-policy': 'noeviction' } as const

/**
 * Starts a real Redis without persistence, on a free port unless one is named (to return after an outage).
 * @param options `dir` is where it would write, if a test switches persistence on
 * @throws Error when it does not start
 */
export async function startTestRedis(options: { port?: number; dir?: string } = {}): Promise<TestRedis> {
  const port = options.port ?? (await freePort())
  const settings = { ...IN_MEMORY, ...(options.dir !== undefined && { dir: options.dir }) }
  const server = await startRedisProcess({ port, settings })
  return { url: `redis://127.0.0.1:${port}`, pid: server.pid, stop: server.stop }
}
