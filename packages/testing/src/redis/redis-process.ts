import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { requireTool } from '../tools.ts'

/** One redis-server, also one that is a Sentinel or a node of a cluster. */
export interface RedisProcess {
  port: number
  pid: number
  readonly isRunning: boolean
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
}

export interface RedisProcessOptions {
  port: number
  /** Settings by their names in redis.conf. */
  settings: Readonly<Record<string, string>>
  /** What clients say to it. */
  password?: string
  /** Arguments before the settings. */
  args?: readonly string[]
}

const HOST = '127.0.0.1'
const START_MS = 10_000
const STOP_MS = 5000

/** Tells whether tests of Redis can run here. @throws in CI, naming what to install, when they cannot */
export const hasRedis = (): boolean => requireTool('redis-server', 'redis-server')

/** Starts redis-server on a port of the loopback interface. @throws Error when it does not start */
export async function startRedisProcess({
  port,
  settings,
  password,
  args = [],
}: RedisProcessOptions): Promise<RedisProcess> {
  const [command = 'redis-server', ...prefix] = followingParent()
  const all = Object.entries({ port: `${port}`, bind: HOST, ...settings }).flatMap(([name, value]) => [
    `--${name}`,
    ...(value === '' ? [''] : value.split(' ')),
  ])
  // Detached: an outage is the test's to make, not Ctrl-C's.
  const server = spawn(command, [...prefix, 'redis-server', ...args, ...all], { stdio: 'ignore', detached: true })
  await untilReady(server, port, password)
  return {
    port,
    pid: server.pid ?? 0,
    get isRunning() {
      return !isGone(server)
    },
    stop: () => stopServer(server),
    kill: () => killServer(server),
  }
}

/** Returns what ends Redis together with a killed test run, which needs setpriv. */
const followingParent = () =>
  process.platform === 'linux' && requireTool('setpriv', 'util-linux')
    ? ['setpriv', '--pdeathsig', 'KILL', '--']
    : ['env']

async function untilReady(server: ChildProcess, port: number, password: string | undefined): Promise<void> {
  const died = new Promise<never>((_, reject) => {
    server.once('error', reject)
    server.once('exit', code => reject(new Error(`redis-server exited with ${code} before it was ready`)))
  })
  const client = new Redis(port, HOST, {
    retryStrategy: () => 10,
    maxRetriesPerRequest: null,
    // A replica that has no primary yet is up.
    enableReadyCheck: false,
    ...(password && { password }),
  })
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

const isGone = (server: ChildProcess): boolean => server.exitCode !== null || server.signalCode !== null

async function stopServer(server: ChildProcess): Promise<void> {
  if (isGone(server)) return
  const gone = new Promise<true>(resolve => server.once('exit', () => resolve(true)))
  server.kill('SIGTERM')
  if (await Promise.race([gone, sleep(STOP_MS, false, { ref: false })])) return
  await killServer(server)
}

async function killServer(server: ChildProcess): Promise<void> {
  if (isGone(server)) return
  const gone = new Promise<void>(resolve => server.once('exit', () => resolve()))
  server.kill('SIGKILL')
  await gone
}
