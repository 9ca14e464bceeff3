import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { startCommitCutter } from './commit-cutter.ts'

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

const message = (type: string, body: string): Buffer => {
  const bytes = Buffer.from(body)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length + 4)
  return Buffer.concat([Buffer.from(type), length, bytes])
}

/** A server that answers every chunk and remembers what came. */
async function startEcho(): Promise<{ port: number; received(): string }> {
  let received = ''
  const server: Server = createServer(socket => {
    socket.on('error', () => undefined)
    socket.on('data', chunk => {
      received += chunk.toString('latin1')
      socket.write('answer')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  opened.push(server)
  const address = server.address()
  return { port: typeof address === 'object' && address ? address.port : 0, received: () => received }
}

function open(port: number): { socket: Socket; closed: Promise<void>; answer(): Promise<string> } {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()))
  const answer = () => new Promise<string>(resolve => socket.once('data', chunk => resolve(`${chunk}`)))
  return { socket, closed, answer }
}

const PREPARE = message('P', 'c1\0commit\0\0\0')
const BIND = message('B', '\0c1\0\0\0\0\0\0\0')

it('cuts the first commit before the server gets it and the second after, and lets all others pass', async () => {
  const echo = await startEcho()
  const cutter = await startCommitCutter({ host: '127.0.0.1', port: echo.port })
  opened.push(cutter)
  cutter.cut(2)
  const start = message('', 'startup')

  const first = open(cutter.port)
  first.socket.write(start)
  expect(await first.answer()).toBe('answer')
  first.socket.write(message('Q', 'commit\0'))
  await first.closed
  expect(echo.received()).not.toContain('commit')

  const second = open(cutter.port)
  second.socket.write(Buffer.concat([start, PREPARE]))
  expect(await second.answer()).toBe('answer')
  second.socket.write(BIND)
  await second.closed
  expect(echo.received()).toContain(BIND.toString('latin1'))

  const third = open(cutter.port)
  third.socket.write(start)
  await third.answer()
  third.socket.write(message('Q', 'commit\0'))
  expect(await third.answer()).toBe('answer')
  third.socket.destroy()
  expect(cutter.done).toBe(2)
})
