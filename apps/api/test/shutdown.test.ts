import { Agent, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Asset } from '@darkroom/contracts'
import { createLogger, silentLogger } from '@darkroom/core'
import { createDatabase } from '@darkroom/db/client'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startApi } from '../src/index.ts'
import { createKey, newUpload, openDatabase, PRIVATE_BUCKET, PUBLIC_BUCKET, startTestStore } from './harness.ts'

type Api = Awaited<ReturnType<typeof startApi>>

let testDatabase: Awaited<ReturnType<typeof openDatabase>>
let database: ReturnType<typeof createDatabase>
let store: Awaited<ReturnType<typeof startTestStore>>
let key: string
beforeAll(async () => {
  testDatabase = await openDatabase()
  database = createDatabase(testDatabase.url)
  store = await startTestStore()
  key = (await createKey({ database })).key
})
afterAll(async () => {
  await database.close()
  await store.remove()
  await testDatabase.drop()
})

const agents: Agent[] = []
const apis: Api[] = []
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy()
  for (const api of apis.splice(0)) await api.close().catch(() => undefined)
})

async function start(more: Record<string, string> = {}, logger = silentLogger): Promise<Api> {
  const env = {
    DATABASE_URL: testDatabase.url,
    B2_ENDPOINT: store.b2.url,
    B2_REGION: 'local-000',
    B2_KEY_ID: 'localkey',
    B2_APPLICATION_KEY: 'localsecret',
    B2_BUCKET_NAME: PRIVATE_BUCKET,
    B2_PUBLIC_BUCKET_NAME: PUBLIC_BUCKET,
    DARKROOM_SECRET: 'x'.repeat(32),
    PORT: '0',
    ...more,
  }
  const api = await startApi({ env, logger })
  apis.push(api)
  return api
}

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  body: string
}

/** A client with one connection, which it keeps. */
function client(api: Api) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  agents.push(agent)
  return (method: string, path: string, { json, headers = {} }: { json?: unknown; headers?: object } = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const sent = request(
        new URL(path, api.url),
        {
          agent,
          method,
          headers: {
            authorization: `Bearer ${key}`,
            ...(json !== undefined && { 'content-type': 'application/json' }),
            ...headers,
          },
        },
        answer => {
          const { statusCode: status = 0, headers } = answer
          text(answer).then(body => resolve({ status, headers, body }), reject)
        },
      )
      sent.on('error', reject)
      sent.end(json === undefined ? undefined : JSON.stringify(json))
    })
}

async function newAsset(api: Api): Promise<Asset> {
  const { status, body } = await client(api)('POST', '/v1/uploads', { json: newUpload() })
  expect(status).toBe(201)
  return JSON.parse(body).asset
}

/** Nobody can make an asset until it is over; resolves when `waiting` of them try to. */
async function whileUploadsWait(waiting: number, open: () => void, work: () => Promise<void>): Promise<void> {
  await database.db.transaction(async tx => {
    await tx.execute(sql`LOCK TABLE assets IN EXCLUSIVE MODE`)
    open()
    const blocked = async () => {
      const [row] = await database.db.execute<{ count: number }>(
        sql`SELECT count(*)::int AS count FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
      return row?.count
    }
    await expect.poll(blocked, { timeout: 20_000 }).toBe(waiting)
    await work()
  })
}

const stateOf = (promise: Promise<unknown>) => Promise.race([promise.then(() => 'closed'), sleep(500, 'open')])

describe('an API that is closed', () => {
  it('answers the requests that are open, and ends their connections', async () => {
    const api = await start()
    let answers: Promise<Answer[]> = Promise.resolve([])
    let closed: Promise<void> = Promise.resolve()
    await whileUploadsWait(
      8,
      () => {
        answers = Promise.all(
          Array.from({ length: 8 }, () => client(api)('POST', '/v1/uploads', { json: newUpload() })),
        )
        answers.catch(() => undefined)
      },
      async () => {
        closed = api.close()
        expect(await stateOf(closed)).toBe('open')
      },
    )
    expect((await answers).map(({ status, headers }) => `${status} ${headers.connection}`)).toEqual(
      Array(8).fill('201 close'),
    )
    await closed
  })

  it('answers long polls at once with what is known, and reports no fault', async () => {
    const lines: string[] = []
    vi.spyOn(process.stderr, 'write').mockImplementation(line => lines.push(String(line)) > 0)
    const api = await start({}, createLogger('api', 'warn'))
    const asset = await newAsset(api)
    const held = [
      client(api)('GET', `/v1/assets/${asset.id}?wait=25`),
      client(api)('GET', `/v1/assets/${asset.id}?wait=25`, { headers: { 'if-none-match': `W/"${asset.revision}"` } }),
    ]
    const answers = Promise.all(held)
    answers.catch(() => undefined)
    await sleep(500)
    const began = performance.now()
    const closed = api.close()
    expect((await answers).map(({ status }) => status)).toEqual([200, 304])
    // They asked for 25 s.
    expect(performance.now() - began).toBeLessThan(15_000)
    await closed
    expect(lines).toEqual([])
  })

  it('tells those who follow that it restarts, when to come back, and ends their streams', async () => {
    const api = await start()
    const asset = await newAsset(api)
    const stream = client(api)('GET', `/v1/assets/${asset.id}/events`)
    stream.catch(() => undefined)
    await sleep(500)
    await api.close()
    const { status, body } = await stream
    expect(status).toBe(200)
    expect(body).toMatch(/event: end\ndata: {"reason":"restarting"}\nretry: [123]\d{3}\n\n$/)
  })

  it('answers what comes on a connection that a client keeps, and says that it is the last', async () => {
    const api = await start()
    const kept = client(api)
    expect((await kept('GET', '/readyz')).headers.connection).toBe('keep-alive')
    const closed = api.close()
    const { status, headers, body } = await kept('GET', '/readyz')
    expect([status, headers.connection, JSON.parse(body).status]).toEqual([503, 'close', 'draining'])
    await closed
    await expect(client(api)('GET', '/healthz')).rejects.toThrow('ECONNREFUSED')
  })

  it('does not cut a request that is just arriving', async () => {
    const api = await start()
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1')
    const answer = text(socket)
    answer.catch(() => undefined)
    socket.write('GET /healthz HTTP/1.1\r\nhost: ')
    await sleep(300)
    const closed = api.close()
    // Longer than an idle connection is kept.
    await sleep(3000)
    socket.write('127.0.0.1\r\n\r\n')
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n(.*\r\n)*connection: close\r\n/i)
    await closed
  })

  it('ends connections on which nothing comes', async () => {
    const api = await start()
    await client(api)('GET', '/healthz')
    connect(Number(new URL(api.url).port), '127.0.0.1').on('error', () => undefined)
    await sleep(200)
    const began = performance.now()
    await api.close()
    expect(performance.now() - began).toBeLessThan(10_000)
  })

  it('goes on listening for as long as a balancer needs to notice', async () => {
    const api = await start({ SHUTDOWN_DELAY_SEC: '4' })
    const asset = await newAsset(api)
    const held = client(api)('GET', `/v1/assets/${asset.id}?wait=25`)
    await sleep(300)
    const closed = api.close()
    const late = await client(api)('GET', '/readyz')
    expect([late.status, late.headers.connection]).toEqual([503, 'close'])
    expect((await client(api)('GET', '/healthz')).status).toBe(200)
    // Whoever came back now might come to this process again.
    expect(await stateOf(held)).toBe('open')
    await closed
    expect((await held).status).toBe(200)
  })

  it('says how many requests it cut when they take longer than it waits', async () => {
    const api = await start({ SHUTDOWN_GRACE_SEC: '1' })
    let answer: Promise<Answer> = Promise.reject(new Error('not sent'))
    answer.catch(() => undefined)
    await whileUploadsWait(
      1,
      () => {
        answer = client(api)('POST', '/v1/uploads', { json: newUpload() })
        answer.catch(() => undefined)
      },
      async () => {
        await expect(api.close()).rejects.toThrow(/^1 request was aborted: .* SHUTDOWN_GRACE_SEC/)
      },
    )
    await expect(answer).rejects.toThrow()
  })
})
