import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createResolve } from '../src/guarded-lookup.ts'
import { createOutboundClient, type OutboundClient, parseAllowList } from '../src/index.ts'
import { type RecordType, startNameServer } from './name-server.ts'

let server: Server
let port: number
let answer: RequestListener
let hits = 0
beforeAll(async () => {
  server = createServer((request, response) => {
    hits += 1
    answer(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const clients: OutboundClient[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
  hits = 0
})

function open(allow: string[], resolve: (hostname: string) => Promise<string[]> = async () => []): OutboundClient {
  const client = createOutboundClient(parseAllowList(allow), resolve)
  clients.push(client)
  return client
}

const limits = { method: 'GET', timeoutMs: 5000, maxBytes: 1000 } as const
const named = () => open([`127.0.0.1:${port}`])
const url = (path = '/') => `http://127.0.0.1:${port}${path}`

describe('a name', () => {
  it.each([
    ['loopback', ['127.0.0.1']],
    ['one public and one private address', ['93.184.215.14', '10.0.0.1']],
    ['an IPv4-mapped address', ['::ffff:127.0.0.1']],
    ['NAT64 of the metadata address', ['64:ff9b::a9fe:a9fe']],
  ])('that leads to %s is not connected to', async (_, addresses) => {
    const client = open([], async () => addresses)
    await expect(client.send('http://hook.example/', limits)).rejects.toMatchObject({ code: 'URL_NOT_ALLOWED' })
    expect(hits).toBe(0)
  })

  it('is checked where it is connected to: one that changes is refused when it has changed', async () => {
    answer = (_, response) => response.end('inside')
    const asked: string[] = []
    const answers = [['192.0.2.7'], ['127.0.0.1']]
    // The first answer stands for a public address; nobody listens there.
    const client = open(['192.0.2.0/24'], async hostname => {
      asked.push(hostname)
      return answers[asked.length - 1] ?? []
    })
    const quick = { ...limits, timeoutMs: 300 }
    const begun = performance.now()
    await expect(client.send('http://rebind.example/', quick)).rejects.toMatchObject({
      code: expect.stringMatching(/^URL_(TIMEOUT|UNREACHABLE)$/),
    })
    // The system's own limit for a connection is two minutes.
    expect(performance.now() - begun).toBeLessThan(20_000)
    await expect(client.send('http://rebind.example/', quick)).rejects.toMatchObject({ code: 'URL_NOT_ALLOWED' })
    expect(asked).toEqual(['rebind.example', 'rebind.example'])
    expect(hits).toBe(0)
  })

  /** 192.0.2.7 stands for a public address, at which nobody listens. */
  const [LOOPBACK, DISTANT]: [number[], number[]] = [
    [127, 0, 0, 1],
    [192, 0, 2, 7],
  ]
  const LOOPBACK_6 = [...Array<number>(15).fill(0), 1]

  it.each<[string, (asked: number) => Partial<Record<RecordType, number[][]>>, string[]]>([
    [
      'changes from a public address to the own machine',
      asked => ({ A: [asked === 1 ? DISTANT : LOOPBACK] }),
      ['far', 'URL_NOT_ALLOWED'],
    ],
    ['has a public and a private address', () => ({ A: [DISTANT, LOOPBACK] }), ['URL_NOT_ALLOWED']],
    ['has a public IPv4 and a private IPv6 address', () => ({ A: [DISTANT], AAAA: [LOOPBACK_6] }), ['URL_NOT_ALLOWED']],
    ['has no address', () => ({}), ['URL_UNREACHABLE']],
  ])('that a name server answers so is not connected to inside: it %s', async (_, recordsOf, expected) => {
    const asked = { A: 0, AAAA: 0 }
    const server = await startNameServer((name, type) => {
      asked[type] += 1
      return name === 'hook.example' ? (recordsOf(asked[type])[type] ?? []) : []
    })
    onTestFinished(() => server.close())
    const client = createOutboundClient(parseAllowList(['192.0.2.0/24']), createResolve([server.address]))
    clients.push(client)
    const seen = []
    for (const _ of expected) {
      const code = await client.send('http://hook.example/', { ...limits, timeoutMs: 1000 }).then(
        ({ status }) => status,
        error => error.code,
      )
      seen.push(/^URL_(TIMEOUT|UNREACHABLE)$/.test(code) && expected[0] === 'far' ? 'far' : code)
    }
    expect(seen).toEqual(expected)
    // Once for each request: nothing is kept from one to the next.
    expect(asked.A).toBe(expected.length)
    expect(hits).toBe(0)
  })

  it('without an address is unreachable', async () => {
    await expect(open([]).send('http://nowhere.example/', limits)).rejects.toMatchObject({ code: 'URL_UNREACHABLE' })
  })

  it('that the operator allowed is resolved by the system and called, wherever it leads', async () => {
    answer = (request, response) => response.end(request.headers.host)
    const got = await open([`localhost:${port}`]).send(`http://localhost:${port}/`, limits)
    expect(got.body.toString()).toBe(`localhost:${port}`)
  })
})

describe('an answer', () => {
  it('with a redirect is answered as it is', async () => {
    answer = (_, response) => response.writeHead(302, { location: url('/elsewhere') }).end()
    expect(await named().send(url(), limits)).toMatchObject({ status: 302, isCut: false })
    expect(hits).toBe(1)
  })

  it('without end is cut', async () => {
    answer = (_, response) => {
      const more = () => response.write('x'.repeat(500), () => response.destroyed || setTimeout(more, 1))
      more()
    }
    const got = await named().send(url(), limits)
    expect([got.isCut, got.body.length]).toEqual([true, 1000])
  })

  it('that is packed is measured as it comes out', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    answer = (_, response) => response.writeHead(500, { 'content-encoding': 'gzip' }).end(bomb)
    const before = process.memoryUsage.rss()
    const got = await named().send(url(), limits)
    expect([got.status, got.isCut, got.body.length]).toEqual([500, true, 1000])
    expect(process.memoryUsage.rss() - before).toBeLessThan(40_000_000)
  })

  it('that is packed wrongly is an error', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-encoding': 'br' }).end('this is not packed')
    await expect(named().send(url(), limits)).rejects.toMatchObject({ code: 'URL_UNREACHABLE' })
  })

  it.each<[string, RequestListener]>([
    ['none at all', () => undefined],
    ['one byte now and then', (_, response) => void setInterval(() => response.write('x'), 50).unref()],
  ])('that takes too long ends: %s', async (_, listener) => {
    answer = listener
    const sent = named().send(url(), { ...limits, timeoutMs: 400 })
    await expect(sent).rejects.toMatchObject({ code: 'URL_TIMEOUT' })
  })

  it('is not waited for when the caller gives up', async () => {
    answer = () => undefined
    const controller = new AbortController()
    const sent = named().send(url(), { ...limits, signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(sent).rejects.toThrow('enough')
  })

  it('that is not there is told by its cause', async () => {
    const sent = open(['127.0.0.1:1']).send('http://127.0.0.1:1/', limits)
    await expect(sent).rejects.toMatchObject({
      code: 'URL_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })
})
