import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { fastify } from 'fastify'
import { afterEach, expect, it } from 'vitest'
import { bodyTimeoutPlugin } from './body-timeout.ts'
import { clientErrorHandler } from './client-error.ts'

const app = () => {
  const made = fastify({ clientErrorHandler: clientErrorHandler(() => '/docs'), forceCloseConnections: true })
  made.register(bodyTimeoutPlugin, { timeoutMs: 50 })
  made.register(async scope => {
    scope.post('/read', async () => 'read')
    scope.addContentTypeParser('*', (_request, _body, done) => done(null))
    scope.post('/watched', { config: { streamsBody: true } }, async ({ raw }) => {
      const [chunk] = await once(raw, 'data')
      return String(chunk)
    })
  })
  return made
}
let running: ReturnType<typeof app> | undefined
afterEach(() => running?.close())

/** Sends the head of a request, and its body once told to. @returns what is answered until the connection ends */
async function begin(path: string, type: string) {
  running = app()
  await running.listen({ host: '127.0.0.1', port: 0 })
  const socket = connect((running.server.address() as AddressInfo).port, '127.0.0.1')
  let text = ''
  socket.on('data', chunk => {
    text += chunk
  })
  const head = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: 4\r\nconnection: close\r\n\r\n`
  socket.write(head)
  return { socket, ended: once(socket, 'close').then(() => text) }
}

it('refuses a request whose body does not come', async () => {
  const { ended } = await begin('/read', 'text/plain')
  const answer = await ended
  expect(answer).toMatch(/^HTTP\/1\.1 408 /)
  expect(answer).toContain('"code":"REQUEST_TIMEOUT"')
})

it('leaves a request alone whose handler watches the body', async () => {
  const { socket, ended } = await begin('/watched', 'application/octet-stream')
  // Far longer than any body may take that is not watched.
  await new Promise(resolve => setTimeout(resolve, 200))
  socket.write('late')
  expect(await ended).toMatch(/^HTTP\/1\.1 200 [\s\S]*late$/)
})
