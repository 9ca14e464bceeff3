import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import { beforeAll, describe, expect, it } from 'vitest'
import { problemOf } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
let app: FastifyInstance
let port: number
beforeAll(async () => {
  app = await api.variant({})
  port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
})

/** The answer to bytes that a client sends, as `problemOf` takes it. */
async function answerTo(bytes: string) {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const headers = Object.fromEntries(lines.map(line => line.toLowerCase().split(': ') as [string, string]))
  return { statusCode: Number(statusLine.split(' ')[1]), headers, body }
}

describe('what cannot be read as a request is answered with a problem', () => {
  it.each([
    ['no HTTP', 'HELO example.com\r\n\r\n', '400 INVALID_REQUEST'],
    ['a header without a name', 'GET /healthz HTTP/1.1\r\nhost: x\r\n: x\r\n\r\n', '400 INVALID_REQUEST'],
    [
      'two lengths',
      'POST /v1/uploads HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
      '400 INVALID_REQUEST',
    ],
    ['a path of 20 kB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, '431 HEADERS_TOO_LARGE'],
    [
      'headers of 20 kB',
      `GET /healthz HTTP/1.1\r\nhost: x\r\ncookie: ${'x'.repeat(20_000)}\r\n\r\n`,
      '431 HEADERS_TOO_LARGE',
    ],
  ])('%s', async (_title, bytes, expected) => {
    expect(problemOf(await answerTo(bytes))).toBe(expected)
  })

  it('also when the connection breaks off, which nobody is told', async () => {
    const socket = connect(port, '127.0.0.1')
    socket.write('POST /v1/uploads HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{')
    socket.destroy()
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
  })
})
