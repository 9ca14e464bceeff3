import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createOutboundClient, type DownloadRequest, type OutboundClient, parseAllowList } from '../src/index.ts'

let server: Server
let port: number
let answer: RequestListener
let asked: string[] = []
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
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
  asked = []
})

function open(allow: string[], resolve: (hostname: string) => Promise<string[]> = async () => []): OutboundClient {
  const client = createOutboundClient(parseAllowList(allow), resolve)
  clients.push(client)
  return client
}

const LIMITS: DownloadRequest = {
  maxRedirects: 3,
  firstByteMs: 2000,
  totalMs: 10_000,
  maxBytes: 1_000_000,
  minimumRate: { windowMs: 5000, minBytesPerSec: 1 },
}
const url = (path = '/') => `http://127.0.0.1:${port}${path}`

/** All that comes, or the code of what went wrong. */
async function fetched(
  limits: Partial<DownloadRequest> = {},
  { client = open([`127.0.0.1:${port}`]), path = '/' } = {},
): Promise<unknown> {
  try {
    return await client.download(path.startsWith('/') ? url(path) : path, { ...LIMITS, ...limits }, async got => {
      const chunks: Buffer[] = []
      for await (const chunk of got.body) chunks.push(chunk)
      return [got.status, got.byteSize, Buffer.concat(chunks).toString()]
    })
  } catch (error) {
    return (error as { code?: string }).code ?? error
  }
}

/** `hops` redirects, each to the next path, then a file. */
const redirecting =
  (hops: number): RequestListener =>
  (request, response) => {
    const hop = Number(request.url?.slice(1))
    if (hop < hops) response.writeHead(302, { location: `${hop + 1}` }).end('not this')
    else response.end('here')
  }

describe('a download', () => {
  it('comes as it is sent, with its size where that is said', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-length': 4 }).end('file')
    expect(await fetched()).toEqual([200, 4, 'file'])
    answer = (_, response) => response.writeHead(404).end('gone')
    expect(await fetched()).toEqual([404, null, 'gone'])
  })

  it('that is packed is decompressed, and nobody says how long it is', async () => {
    const packed = gzipSync('file')
    answer = (_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length }).end(packed)
    expect(await fetched()).toEqual([200, null, 'file'])
  })

  it('that nobody reads gives its connection up', async () => {
    const closed = Promise.withResolvers<void>()
    answer = (_, response) => {
      response.on('close', () => closed.resolve())
      response.write('x')
    }
    const status = await open([`127.0.0.1:${port}`]).download(url(), LIMITS, async got => got.status)
    expect(status).toBe(200)
    await closed.promise
  })

  it('lets what its reader throws through', async () => {
    answer = (_, response) => response.end('file')
    const read = open([`127.0.0.1:${port}`]).download(url(), LIMITS, async ({ body }) => {
      for await (const _ of body) throw new Error('disk full')
    })
    await expect(read).rejects.toThrow('disk full')
  })
})

describe('a connection that is cut', () => {
  const BYTES = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n % 251))
  interface Seen {
    range: string | undefined
    ifRange: string | undefined
  }
  let seen: Seen[] = []
  /** Cuts what is open, when something of it has arrived. */
  let cuts: (() => void)[] = []
  /** Sends so many bytes at a time and cuts the connection, as long as there are more. */
  const cutting =
    (bytesAtOnce: number, etagOf: () => string): RequestListener =>
    (request, response) => {
      const { range, 'if-range': ifRange } = request.headers
      seen.push({ range, ifRange: ifRange as string | undefined })
      const start = ifRange === etagOf() ? Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0) : 0
      const rest = BYTES.subarray(start)
      const headers = { etag: etagOf(), 'content-length': rest.length }
      const where = { 'content-range': `bytes ${start}-${BYTES.length - 1}/${BYTES.length}` }
      response.writeHead(start > 0 ? 206 : 200, start > 0 ? { ...headers, ...where } : headers)
      if (rest.length <= bytesAtOnce) response.end(rest)
      else {
        response.write(rest.subarray(0, bytesAtOnce))
        cuts.push(() => response.destroy())
      }
    }
  const got = async (path = '/') => {
    seen = []
    cuts = []
    const client = open([`127.0.0.1:${port}`])
    return client.download(url(path), LIMITS, async ({ body }) => {
      const chunks: Buffer[] = []
      for await (const chunk of body) {
        chunks.push(chunk)
        for (const cut of cuts.splice(0)) cut()
      }
      return Buffer.concat(chunks).equals(BYTES)
    })
  }

  it('is gone on with by a range of the same file, byte for byte', async () => {
    answer = cutting(100_000, () => '"one"')
    expect(await got()).toBe(true)
    expect(seen[0]).toEqual({ range: undefined, ifRange: undefined })
    expect(seen.length).toBeGreaterThan(1)
    for (const { range, ifRange } of seen.slice(1))
      expect([range, ifRange]).toEqual([expect.stringMatching(/^bytes=[1-9]\d*-$/), '"one"'])
  })

  it('is asked for again from the first URL on, with every redirect checked', async () => {
    const give = cutting(200_000, () => '"one"')
    answer = (request, response) =>
      request.url === '/start' ? response.writeHead(302, { location: '/file' }).end() : give(request, response)
    expect(await got('/start')).toBe(true)
    expect(asked).toEqual(['/start', '/file', '/start', '/file'])
    let redirects = 0
    answer = (request, response) => {
      if (request.url !== '/start') return give(request, response)
      redirects += 1
      response.writeHead(302, { location: redirects === 1 ? '/file' : 'http://169.254.169.254/' }).end()
    }
    await expect(got('/start')).rejects.toMatchObject({ code: 'URL_NOT_ALLOWED' })
  })

  it.each([
    ['whose file has changed', cutting(200_000, () => `"${seen.length}"`)],
    ['with a weak ETag', cutting(200_000, () => 'W/"one"')],
    [
      'of a host without ranges',
      (_: unknown, response: Parameters<RequestListener>[1]) => {
        response.writeHead(200, { etag: '"one"', 'content-length': BYTES.length })
        response.write(BYTES.subarray(0, 1000))
        cuts.push(() => response.destroy())
      },
    ],
    [
      'of a host that sends another range',
      (request: Parameters<RequestListener>[0], response: Parameters<RequestListener>[1]) => {
        if (request.headers.range) {
          response.writeHead(206, { etag: '"one"', 'content-range': 'bytes 5-9/300000' }).end('other')
          return
        }
        response.writeHead(200, { etag: '"one"', 'content-length': BYTES.length })
        response.write(BYTES.subarray(0, 1000))
        cuts.push(() => response.destroy())
      },
    ],
  ] as [string, RequestListener][])('%s is an error, so that it is begun anew', async (_, listener) => {
    answer = listener
    await expect(got()).rejects.toMatchObject({ code: 'URL_UNREACHABLE' })
  })

  it('still may not bring more than is allowed', async () => {
    answer = cutting(100_000, () => '"one"')
    const client = open([`127.0.0.1:${port}`])
    const read = client.download(url(), { ...LIMITS, maxBytes: 250_000 }, async ({ body }) => {
      for await (const _ of body) for (const cut of cuts.splice(0)) cut()
    })
    await expect(read).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })
})

describe('redirects', () => {
  it.each([301, 302, 303, 307, 308])('with %i are followed', async status => {
    answer = (request, response) =>
      request.url === '/' ? response.writeHead(status, { location: '/there' }).end() : response.end('here')
    expect(await fetched()).toEqual([200, 4, 'here'])
  })

  it('are followed three times, and no more', async () => {
    answer = redirecting(3)
    expect(await fetched({}, { path: '/0' })).toEqual([200, 4, 'here'])
    asked = []
    answer = redirecting(4)
    expect(await fetched({}, { path: '/0' })).toBe('TOO_MANY_REDIRECTS')
    expect(asked).toEqual(['/0', '/1', '/2', '/3'])
  })

  it('in a circle end', async () => {
    answer = (_, response) => response.writeHead(302, { location: '/' }).end()
    expect(await fetched()).toBe('TOO_MANY_REDIRECTS')
  })

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://127.1:1/',
    'http://[::1]/',
    'http://localhost/',
    'http://10.0.0.1/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'http://user:password@example.com/',
    'https://example.com:8443/',
    'http://[',
  ])('to %s are refused, and not told of', async location => {
    answer = (_, response) => response.writeHead(302, { location }).end()
    const refused = open([`127.0.0.1:${port}`]).download(url(), LIMITS, async () => 'reached')
    await expect(refused).rejects.toMatchObject({
      code: 'URL_NOT_ALLOWED',
      message: 'The URL redirects to a URL that is not allowed.',
    })
    expect(asked).toHaveLength(1)
  })

  it('to a name that leads inside are refused where it is connected to', async () => {
    answer = (_, response) => response.writeHead(302, { location: 'http://inside.example/' }).end()
    const client = open([`127.0.0.1:${port}`], async () => ['93.184.215.14', '127.0.0.1'])
    expect(await fetched({}, { client })).toBe('URL_NOT_ALLOWED')
    expect(asked).toHaveLength(1)
  })

  it('without a place to go are an answer', async () => {
    answer = (_, response) => response.writeHead(302).end('lost')
    expect(await fetched()).toEqual([302, null, 'lost'])
  })
})

/** Why it failed, in words: the limit of all time, which holds as well, has the same code as others. */
const reasonOf = (limits: Partial<DownloadRequest>) =>
  open([`127.0.0.1:${port}`])
    .download(url(), { ...LIMITS, ...limits }, async ({ body }) => {
      for await (const _ of body);
    })
    .catch(({ code, message }) => `${code} ${message}`)

describe('a limit', () => {
  it('of bytes ends what has no end', async () => {
    answer = (_, response) => {
      const more = () => response.write('x'.repeat(5000), () => response.destroyed || setImmediate(more))
      more()
    }
    expect(await fetched({ maxBytes: 100_000 })).toBe('TOO_LARGE')
  })

  it('of bytes lets exactly so many through', async () => {
    answer = (_, response) => response.end('12345')
    expect(await fetched({ maxBytes: 5 })).toEqual([200, 5, '12345'])
    expect(await fetched({ maxBytes: 4 })).toBe('TOO_LARGE')
  })

  it('of bytes counts what was packed as it comes out, and memory does not grow', async () => {
    const [member, limitBytes] = [gzipSync(Buffer.alloc(25_000_000)), 400_000_000]
    const bomb = Buffer.concat(Array.from({ length: 20 }, () => member))
    answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    const before = process.memoryUsage.rss()
    let bytes = 0
    const limits = { ...LIMITS, maxBytes: limitBytes, totalMs: 120_000 }
    const read = open([`127.0.0.1:${port}`]).download(url(), limits, async ({ body }) => {
      for await (const chunk of body) bytes += chunk.length
    })
    await expect(read).rejects.toMatchObject({ code: 'TOO_LARGE' })
    expect(bytes).toBeGreaterThan(limitBytes - 100_000)
    expect(process.memoryUsage.rss() - before).toBeLessThan(limitBytes / 2)
  })

  it('of speed ends one byte now and then', async () => {
    answer = (_, response) => {
      const timer = setInterval(() => response.write('x'), 30)
      response.on('close', () => clearInterval(timer))
    }
    const minimumRate = { windowMs: 300, minBytesPerSec: 1000 }
    expect(await reasonOf({ minimumRate })).toBe('URL_TIMEOUT The host sends less than 1000 bytes per second.')
  })

  it('of speed ends what stops coming', async () => {
    answer = (_, response) => void response.write('x')
    const minimumRate = { windowMs: 300, minBytesPerSec: 1 }
    expect(await reasonOf({ minimumRate })).toBe('URL_TIMEOUT The host did not respond in time.')
  })

  it('of the first byte ends what never begins', async () => {
    answer = () => undefined
    expect(await reasonOf({ firstByteMs: 300 })).toBe('URL_TIMEOUT The host did not respond in time.')
  })

  it('of time holds over all redirects together', async () => {
    answer = async (_, response) => {
      await sleep(200)
      response.writeHead(302, { location: '/' }).end()
    }
    expect(await fetched({ totalMs: 500, maxRedirects: 100 })).toBe('URL_TIMEOUT')
  })

  it('of time ends what comes fast and for ever', async () => {
    answer = (_, response) => {
      const timer = setInterval(() => response.write('x'.repeat(1000)), 10)
      response.on('close', () => clearInterval(timer))
    }
    expect(await fetched({ totalMs: 400 })).toBe('URL_TIMEOUT')
  })
})

describe('a host', () => {
  it('that breaks off in the middle is tried again some time', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('half', () => response.destroy())
    }
    expect(await fetched()).toBe('URL_UNREACHABLE')
  })

  it('that nobody is at is told by its cause', async () => {
    expect(await fetched({}, { client: open(['127.0.0.1:1']), path: 'http://127.0.0.1:1/' })).toBe('URL_UNREACHABLE')
  })

  it('is not waited for when the caller gives up, before its answer or in the middle', async () => {
    for (const begin of [false, true]) {
      answer = (_, response) => void (begin && response.write('x'))
      const controller = new AbortController()
      const read = fetched({ signal: controller.signal })
      await expect.poll(() => asked.length).toBe(begin ? 2 : 1)
      controller.abort(new Error('enough'))
      expect(await read).toEqual(new Error('enough'))
    }
  })
})
