import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { memoryFolder } from '../memory-folder.ts'
import { askRedis, type RedisGroup, stopAll, untilHolds } from './redis-group.ts'
import { type RedisProcess, startRedisProcess } from './redis-process.ts'
import { IN_MEMORY } from './test-redis.ts'

const HOST = '127.0.0.1'
const SLOTS = 16_384
const PASSWORD = 'of-the-cluster'
/** After this long without an answer a node counts as dead; Redis waits 15 s unless told otherwise. */
const NODE_TIMEOUT_MS = 1500

interface Node {
  port: number
  busPort: number
}

/**
 * Starts a cluster of primaries with a replica each, with a password.
 * @param primaries at least three: fewer cannot agree that one is dead
 */
export async function startTestCluster({ primaries = 3 } = {}): Promise<RedisGroup> {
  const folder = await mkdtemp(join(memoryFolder(), 'darkroom-cluster-'))
  const servers = new Map<number, RedisProcess>()
  const stop = async () => {
    await stopAll(servers.values())
    await rm(folder, { recursive: true, force: true })
  }
  const start = async (node: Node) => {
    servers.set(node.port, await startNode(folder, node))
  }
  try {
    const nodes = await Promise.all(
      Array.from({ length: 2 * primaries }, async () => ({ port: await freePort(), busPort: await freePort() })),
    )
    await Promise.all(nodes.map(start))
    await joinNodes(nodes, primaries)
    await untilHealthy(nodes, primaries)
    const running = () => nodes.filter(({ port }) => servers.get(port)?.isRunning)
    return {
      url: `redis+cluster://:${PASSWORD}@${nodes.map(({ port }) => `${HOST}:${port}`).join(',')}`,
      primaries: () => primariesOf(running()),
      kill: async port => servers.get(port)?.kill(),
      async heal() {
        const dead = nodes.filter(({ port }) => !servers.get(port)?.isRunning)
        // A primary that returned too soon would have its slots again, and not what was in them.
        if (dead.length > 0)
          await untilHolds(
            'the slots have other nodes',
            async () => (await primariesOf(running())).length === primaries,
          )
        await Promise.all(dead.map(start))
        await untilHealthy(nodes, primaries)
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startNode(folder: string, { port, busPort }: Node): Promise<RedisProcess> {
  const dir = join(folder, `${port}`)
  await mkdir(dir, { recursive: true })
  const settings = {
    ...IN_MEMORY,
    dir,
    requirepass: PASSWORD,
    masterauth: PASSWORD,
    'repl-diskless-sync-delay': '0',
    'cluster-enabled': 'yes',
    'cluster-config-file': 'nodes.conf',
    'cluster-node-timeout': `${NODE_TIMEOUT_MS}`,
    'cluster-port': `${busPort}`,
    'cluster-allow-replica-migration': 'no',
  }
  return startRedisProcess({ port, settings, password: PASSWORD })
}

/** Gives each of the first nodes its share of the slots, and one of the others as a replica. */
async function joinNodes(nodes: readonly Node[], primaries: number): Promise<void> {
  const [first] = nodes
  for (const [index, { port, busPort }] of nodes.entries()) {
    await askRedis(port, PASSWORD, async client => {
      await client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1)
      if (index < primaries) {
        const from = Math.floor((index * SLOTS) / primaries)
        const to = Math.floor(((index + 1) * SLOTS) / primaries) - 1
        await client.call('CLUSTER', 'ADDSLOTSRANGE', from, to)
      }
    })
    if (first && index > 0)
      await askRedis(first.port, PASSWORD, client => client.call('CLUSTER', 'MEET', HOST, port, busPort))
  }
  await untilHolds('every node knows the others', async () => {
    const known = await Promise.all(nodes.map(({ port }) => askRedis(port, PASSWORD, client => client.cluster('INFO'))))
    return known.every(info => String(info).includes(`cluster_known_nodes:${nodes.length}\r`))
  })
  const ids = await Promise.all(nodes.map(({ port }) => askRedis(port, PASSWORD, client => client.cluster('MYID'))))
  for (const [index, { port }] of nodes.entries()) {
    if (index < primaries) continue
    const id = String(ids[index - primaries])
    // It may know the other's address, and not its name yet.
    await untilHolds('it follows', async () => {
      await askRedis(port, PASSWORD, client => client.call('CLUSTER', 'REPLICATE', id))
      return true
    })
  }
}

/** Waits until every node is content, and every primary has a replica that follows. */
async function untilHealthy(nodes: readonly Node[], primaries: number): Promise<void> {
  await untilHolds('the cluster is healthy', async () => {
    const infos = await Promise.all(
      nodes.map(({ port }) =>
        askRedis(port, PASSWORD, async client => `${await client.cluster('INFO')}${await client.info('replication')}`),
      ),
    )
    const isPrimary = (info: string) => info.includes('role:master')
    return (
      infos.every(info => info.includes('cluster_state:ok')) &&
      infos.filter(isPrimary).length === primaries &&
      infos.every(info => (isPrimary(info) ? info.includes('state=online') : info.includes('master_link_status:up')))
    )
  })
  // What a node tells clients of the others may be a second older.
  await untilHolds('every node knows the replicas', async () => {
    const ranges = await Promise.all(
      nodes.map(({ port }) => askRedis(port, PASSWORD, client => client.cluster('SLOTS'))),
    )
    return ranges.flat().every(([_from, _to, ...servers]) => servers.length === 2)
  })
}

async function primariesOf(nodes: readonly Node[]): Promise<number[]> {
  const roles = await Promise.all(
    nodes.map(async ({ port }) => ({
      port,
      info: await askRedis(port, PASSWORD, client => client.info('replication')),
    })),
  )
  return roles.filter(({ info }) => info.includes('role:master')).map(({ port }) => port)
}
