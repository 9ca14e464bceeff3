import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { memoryFolder } from '../memory-folder.ts'
import { askRedis, type RedisGroup, stopAll, untilHolds } from './redis-group.ts'
import { type RedisProcess, startRedisProcess } from './redis-process.ts'
import { IN_MEMORY } from './test-redis.ts'

const HOST = '127.0.0.1'
const PRIMARY = 'mymaster'
const SENTINELS = 3
const QUORUM = 2
const PASSWORD = 'of-the-servers'
const SENTINEL_PASSWORD = 'of-the-sentinels'
/** After this long without an answer a server counts as dead; Redis waits 30 s unless told otherwise. */
const DOWN_AFTER_MS = 1000
const FAILOVER_TIMEOUT_MS = 5000

/**
 * Starts a primary with replicas and three Sentinels, each with a password.
 * @param replicas how many follow the primary
 */
export async function startTestSentinels({ replicas = 2 } = {}): Promise<RedisGroup> {
  const folder = await mkdtemp(join(memoryFolder(), 'darkroom-sentinels-'))
  const servers = new Map<number, RedisProcess>()
  const sentinels: RedisProcess[] = []
  const stop = async () => {
    await stopAll([...sentinels, ...servers.values()])
    await rm(folder, { recursive: true, force: true })
  }
  const start = async (port: number, follows?: number) => {
    servers.set(port, await startRedisProcess({ port, settings: settingsOf(folder, follows), password: PASSWORD }))
  }
  try {
    const first = await freePort()
    await start(first)
    const others = await Promise.all(Array.from({ length: replicas }, freePort))
    await Promise.all(others.map(port => start(port, first)))
    const ports = await Promise.all(Array.from({ length: SENTINELS }, freePort))
    sentinels.push(...(await Promise.all(ports.map(port => startSentinel(folder, port, first)))))
    const group = { ports, replicas }
    await untilAllSee(group)
    return {
      url: `redis+sentinel://:${PASSWORD}@${ports.map(port => `${HOST}:${port}`).join(',')}/${PRIMARY}?sentinel_password=${SENTINEL_PASSWORD}`,
      primaries: async () => [await primaryOf(ports[0] ?? 0)],
      kill: async port => servers.get(port)?.kill(),
      async heal() {
        const dead = [...servers.values()].filter(({ isRunning }) => !isRunning)
        // Its Sentinels make it follow; a server of one's own would have kept that in its file.
        for (const { port } of dead) await start(port, await primaryOf(ports[0] ?? 0))
        await untilAllSee(group)
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const settingsOf = (dir: string, follows: number | undefined) => ({
  ...IN_MEMORY,
  // A replica writes what it gets from its primary to a file before it reads it.
  dir,
  requirepass: PASSWORD,
  masterauth: PASSWORD,
  'repl-diskless-sync-delay': '0',
  ...(follows !== undefined && { replicaof: `${HOST} ${follows}` }),
})

/** A Sentinel writes what it learns into its file. */
async function startSentinel(folder: string, port: number, primary: number): Promise<RedisProcess> {
  const dir = join(folder, `${port}`)
  await mkdir(dir)
  const file = join(dir, 'sentinel.conf')
  const lines = [
    `dir ${dir}`,
    `requirepass ${SENTINEL_PASSWORD}`,
    `sentinel sentinel-pass ${SENTINEL_PASSWORD}`,
    `sentinel monitor ${PRIMARY} ${HOST} ${primary} ${QUORUM}`,
    `sentinel auth-pass ${PRIMARY} ${PASSWORD}`,
    `sentinel down-after-milliseconds ${PRIMARY} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${PRIMARY} ${FAILOVER_TIMEOUT_MS}`,
  ]
  await writeFile(file, `${lines.join('\n')}\n`)
  return startRedisProcess({ port, settings: {}, password: SENTINEL_PASSWORD, args: [file, '--sentinel'] })
}

async function primaryOf(sentinel: number): Promise<number> {
  const [, port] = await askRedis(
    sentinel,
    SENTINEL_PASSWORD,
    client => client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', PRIMARY) as Promise<[string, string]>,
  )
  return Number(port)
}

/** Waits until every Sentinel knows the others and that the primary runs, and every replica follows the primary. */
async function untilAllSee({ ports, replicas }: { ports: number[]; replicas: number }): Promise<void> {
  const seesAll = async (port: number) => {
    const fields = await askRedis(
      port,
      SENTINEL_PASSWORD,
      client => client.call('SENTINEL', 'MASTER', PRIMARY) as Promise<string[]>,
    )
    const fieldOf = (name: string) => fields[fields.indexOf(name) + 1]
    return fieldOf('num-other-sentinels') === `${SENTINELS - 1}` && fieldOf('flags') === 'master'
  }
  await untilHolds('every Sentinel sees the others', async () => (await Promise.all(ports.map(seesAll))).every(Boolean))
  await untilHolds('every replica follows', async () => {
    const info = await askRedis(await primaryOf(ports[0] ?? 0), PASSWORD, client => client.info('replication'))
    return info.split('state=online').length - 1 === replicas
  })
}
