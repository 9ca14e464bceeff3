import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Balancer, NOTICED_WITHIN_SEC, startBalancer } from './harness/balancer.ts'
import { createClient } from './harness/client.ts'
import type { Asset } from './harness/contract.ts'
import { type Service, startProgram } from './harness/darkroom.ts'
import { eventually } from './harness/eventually.ts'
import { type Installation, install, uninstall } from './harness/installation.ts'
import { freePort } from './harness/ports.ts'
import { amount } from './harness/samples.ts'
import { busyCaller, follower, longPoller, newLog, readFeed } from './harness/steady-clients.ts'

/** 49 and the reader of the feed make 50 connections. */
const CLIENTS = { callers: 25, longPolls: 12, streams: 12 }
const ASSETS = 6
const RESTARTS = amount(2, 10)

let installation: Installation
let balancer: Balancer
const services: Service[] = []
beforeAll(async () => {
  installation = await install({ DATABASE_POOL_MAX: '5' })
  balancer = await startBalancer()
})
afterAll(async () => {
  for (const service of services) await service.killAll()
  await balancer?.close()
  if (installation) await uninstall(installation)
})

/** The embedded Postgres, as only its owner can reach it. */
async function databaseUrl(dataDir: string): Promise<string> {
  const [password, pidFile] = await Promise.all(
    ['postgres.password', 'postgres/postmaster.pid'].map(file => readFile(join(dataDir, file), 'utf8')),
  )
  return `postgres://darkroom:${password}@127.0.0.1:${pidFile?.split('\n')[3]}/darkroom`
}

interface Api {
  url: string
  service: Service
}

/** One of several APIs on the parts of the installation; resolves when it is ready. */
async function startApi({ home }: Installation): Promise<Api> {
  const port = await freePort()
  const dataDir = home.env.DARKROOM_DATA
  const service = startProgram('apps/api/src/main.ts', [], {
    DATABASE_URL: await databaseUrl(dataDir),
    DATABASE_POOL_MAX: '5',
    DARKROOM_SECRET: await readFile(join(dataDir, 'secret'), 'utf8'),
    B2_ENDPOINT: `http://127.0.0.1:${home.storePort}`,
    B2_REGION: 'local-000',
    B2_KEY_ID: 'localkey',
    B2_APPLICATION_KEY: 'localsecret',
    B2_BUCKET_NAME: 'darkroom',
    B2_PUBLIC_BUCKET_NAME: 'darkroom-public',
    PORT: `${port}`,
    LOG_LEVEL: 'warn',
    SHUTDOWN_DELAY_SEC: `${NOTICED_WITHIN_SEC}`,
  })
  services.push(service)
  const url = `http://127.0.0.1:${port}`
  const isReady = () =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
  await eventually('an API is ready', isReady, Boolean, { withinMs: 60_000 })
  return { url, service }
}

/** A key that an API takes which is not in local mode, and assets to follow. */
async function prepare({ client }: Installation): Promise<{ key: string; assets: Asset[] }> {
  const json = { name: 'restarts', scopes: ['upload', 'read', 'write'] }
  const { body } = await client.request<{ key: string }>('POST', '/v1/keys', { json })
  const created = Array.from({ length: ASSETS }, () =>
    client.create({ name: 'followed.jpg', contentType: 'image/jpeg', bytes: new Uint8Array(1000) }),
  )
  return { key: body.key, assets: (await Promise.all(created)).map(({ asset }) => asset) }
}

describe.skipIf(process.platform !== 'linux')('restarts of one API of two', () => {
  it('break no connection that a client keeps, and lose no event of a stream or of the log', async () => {
    const { key, assets } = await prepare(installation)
    const running = await Promise.all([startApi(installation), startApi(installation)])
    for (const { url } of running) balancer.add(url)
    const server = { url: balancer.url, key }
    const client = createClient(server)
    const { body: start } = await client.request<{ nextCursor: string }>('GET', '/v1/events?after=latest')
    const [busy, waiting] = [newLog(), newLog()]
    const each = <T>(count: number, make: (asset: Asset, index: number) => T): T[] =>
      Array.from({ length: count }, (_, index) => make(assets[index % assets.length] as Asset, index))
    const streams = each(CLIENTS.streams, asset => ({ asset, ...follower(server, asset, waiting) }))
    const polls = each(CLIENTS.longPolls, asset => longPoller(server, asset, waiting))
    const callers = each(CLIENTS.callers, (_, index) => busyCaller(server, `caller-${index}`, assets, busy))
    const feed = readFeed(server, start.nextCursor, ({ items }) => !waiting.isOver || items.length > 0)
    feed.catch(error => waiting.faults.push(`feed: ${error}`))

    const ends: Promise<number | null>[] = []
    let next = startApi(installation)
    for (let restart = 1; restart <= RESTARTS; restart += 1) {
      running.push(await next)
      balancer.add(running.at(-1)?.url ?? '')
      if (restart < RESTARTS) next = startApi(installation)
      const old = running.shift()
      if (old) ends.push(stop(old))
      // On a slow machine more and more of them would drain at a time, and Postgres has connections for so many.
      await ends.at(-2)
    }
    const endings = await Promise.all(ends)
    busy.isOver = true
    await Promise.all(callers.map(({ ended }) => ended))
    expect({ faults: [...busy.faults, ...waiting.faults], endings, errors: services.flatMap(errorsOf) }).toEqual({
      faults: [],
      endings: Array(RESTARTS).fill(0),
      errors: [],
    })

    for (const { asset, seen } of streams) {
      const { revision } = await client.readAsset(asset.id)
      await eventually(
        'the stream is up to date',
        () => seen.at(-1),
        last => last === revision,
        { withinMs: 20_000 },
      )
      expect(seen).toEqual(Array.from({ length: revision - asset.revision }, (_, index) => asset.revision + 1 + index))
    }
    waiting.isOver = true
    const told = await feed
    for (const { stop } of [...streams, ...polls]) stop()
    await Promise.all([...streams, ...polls].map(({ ended }) => ended))
    const inLog = await readFeed(server, start.nextCursor, ({ items }) => items.length > 0)
    expect(told.map(({ id }) => id)).toEqual(inLog.map(({ id }) => id))
    expect(inLog.filter(({ type }) => type === 'asset.updated')).toHaveLength(busy.changes)
    expect([...busy.faults, ...waiting.faults]).toEqual([])
    expect(waiting.resumed).toBeGreaterThanOrEqual(CLIENTS.streams)
    console.log(`${RESTARTS} restarts: ${busy.changes} changes, ${waiting.resumed} streams taken up again`)
  })
})

/** Stops an API as a service manager does, and tells its exit code. */
async function stop({ url, service }: Api): Promise<number | null> {
  const code = await service.stop('SIGTERM')
  balancer.remove(url)
  return code
}

/** What an API logged of requests that it could not answer. */
const errorsOf = (service: Service): string[] =>
  service
    .output()
    .split('\n')
    .filter(line => line.includes('"level":50'))
