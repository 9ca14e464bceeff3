import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePort } from './free-port.ts'
import { requireTool } from './tools.ts'

export interface TestRedis {
  url: string
  pid: number
  /** Resolves when the server is gone. */
  stop(): Promise<void>
}

const START_MS = 10_000
const STOP_MS = 5000

/** Tells whether tests of Redis can run here. @throws in CI, naming what to install, when they cannot */
export const hasRedis = (): boolean => requireTool('redis-server', 'redis-server')

/**
 * Starts a real Redis without persistence, on a free port unless one is named (to return after an outage).
 * @param options `dir` is where it would write, if a test switches persistence on
 * @throws Error when it does not start
 */
export async function startTestRedis(options: { port?: number; dir?: string } = {}): Promise<TestRedis> {
  const port = options.port ?? (await freePort())
  const address = ['--port', `${port}`, '--bind', '127.0.0.1']
  const place = options.dir === undefined ? [] : ['--dir', options.dir]
  const inMemory = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction']
  const [command = 'redis-server', ...prefix] = followingParent()
  // Detached: an outage is the test's to make, not Ctrl-C's.
  const server = spawn(command, [...prefix, ...address, ...place, ...inMemory], { stdio: 'ignore', detached: true })
  await untilReady(server, port)
  return { url: `redis://127.0.0.1:${port}`, pid: server.pid ?? 0, stop: () => stopServer(server) }
}

/** Tells whether Redis can be ended together with a killed test run, which needs setpriv. */
const followingParent = () =>
  process.platform === 'linux' && requireTool('setpriv', 'util-linux')
    ? ['setpriv', '--pdeathsig', 'KILL', '--', 'redis-server']
    : ['redis-server']

async function untilReady(server: ChildProcess, port: number): Promise<void> {
  const died = new Promise<never>((_, reject) => {
    server.once('error', reject)
    server.once('exit', code => reject(new Error(`redis-server exited with ${code} before it was ready`)))
  })
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 10, maxRetriesPerRequest: null })
  // Refused connections until it listens; `died` and the deadline say what matters.
  client.on('error', () => undefined)
  const tooLate = sleep(START_MS, undefined, { ref: false }).then(() => {
    throw new Error(`redis-server was not ready after ${START_MS} ms`)
  })
  try {
    const info = await Promise.race([client.info('server'), died, tooLate])
    // Another Redis may have the port, and answers while ours is about to die of that.
    if (!info.includes(`process_id:${server.pid}\r\n`)) await Promise.race([died, tooLate])
  } catch (error) {
    server.kill('SIGKILL')
    throw error
  } finally {
    client.disconnect()
    died.catch(() => undefined)
    tooLate.catch(() => undefined)
  }
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = new Promise<true>(resolve => server.once('exit', () => resolve(true)))
  server.kill('SIGTERM')
  if (await Promise.race([gone, sleep(STOP_MS, false, { ref: false })])) return
  server.kill('SIGKILL')
  await gone
}
