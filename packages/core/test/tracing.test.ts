import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createLogger, parseConfig } from '../src/index.ts'
import { isTracing, startTracing, TracingConfig, withSpan } from '../src/tracing/index.ts'

const servers: Server[] = []
let stop: (() => Promise<void>) | undefined
afterEach(async () => {
  await stop?.()
  stop = undefined
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
})

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function start(env: Record<string, string>): Promise<{ lines: Record<string, unknown>[] }> {
  const lines: Record<string, unknown>[] = []
  const logger = createLogger('test', 'info', line => lines.push(JSON.parse(line)))
  stop = await startTracing(parseConfig(TracingConfig, env), { serviceName: 'test', version: '1.2.3', logger })
  return { lines }
}

const makeSpan = (name = 'work') => withSpan(name, {}, async () => 'result')

/** Where nothing listens. */
const NOWHERE = 'http://127.0.0.1:9'

describe('startTracing', () => {
  it('sends protobuf with the headers that are asked for, and names the process', async () => {
    const received: { url: string | undefined; headers: IncomingMessage['headers']; body: string }[] = []
    const url = await listen(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString('latin1')
      received.push({ url: request.url, headers: request.headers, body })
      response.end()
    })
    await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=a%2Cb',
      OTEL_SERVICE_NAME: 'media-worker',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging',
    })
    expect(await makeSpan('the only span')).toBe('result')
    await expect.poll(() => received.length).toBe(1)
    const [request] = received
    expect(request).toMatchObject({
      url: '/v1/traces',
      headers: { 'content-type': 'application/x-protobuf', 'x-api-key': 'a,b' },
    })
    for (const text of ['the only span', 'media-worker', '1.2.3', 'staging']) expect(request?.body).toContain(text)
  })

  it('sends at the end what is left', async () => {
    const bodies: string[] = []
    const url = await listen(async (request, response) => {
      bodies.push(Buffer.concat(await request.toArray()).toString('latin1'))
      response.end()
    })
    await start({ OTEL_EXPORTER_OTLP_ENDPOINT: url })
    await makeSpan('the last span')
    await withSpan('maintenance', { needsParent: true }, async () => undefined)
    await stop?.()
    expect(bodies.join()).toContain('the last span')
    expect(bodies.join()).not.toContain('maintenance')
    expect(isTracing()).toBe(false)
  })

  it.each(['always_off', 'traceidratio', 'parentbased_traceidratio'])(
    'sends nothing with %s and a share of 0',
    async name => {
      let requests = 0
      const url = await listen((_request, response) => {
        requests++
        response.end()
      })
      await start({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: '0' })
      await makeSpan()
      await stop?.()
      expect(requests).toBe(0)
    },
  )

  it('says once that a receiver refuses traces, and when it takes them again', async () => {
    let status = 400
    const url = await listen((_request, response) => {
      response.statusCode = status
      response.end()
    })
    const { lines } = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: url })
    const said = () => lines.map(({ msg }) => msg)
    await makeSpan()
    await expect.poll(said).toEqual(['traces are lost: the receiver does not take them'])
    status = 200
    await makeSpan()
    await expect
      .poll(said)
      .toEqual(['traces are lost: the receiver does not take them', 'the receiver takes traces again'])
  })
})

describe('a receiver that does not take traces', () => {
  it.each([
    ['is down', async () => NOWHERE],
    ['never answers', () => listen(() => undefined)],
  ])('%s: work goes on, and a stop ends within seconds', async (_title, receiver) => {
    await start({ OTEL_EXPORTER_OTLP_ENDPOINT: await receiver() })
    // More than are kept.
    for (let left = 5000; left > 0; left--) expect(await makeSpan()).toBe('result')
    const began = performance.now()
    await stop?.()
    // It gives the receiver two seconds.
    expect(performance.now() - began).toBeLessThan(8000)
  })
})
