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

const query = (text: string) => message('Q', `${text}\0`)
const prepare = (text: string) => message('P', `c1\0${text}\0\0\0`)
const BIND = message('B', '\0c1\0\0\0\0\0\0\0')

async function startCutter(times: number) {
  const echo = await startEcho()
  const cutter = await startCommitCutter({ host: '127.0.0.1', port: echo.port })
  opened.push(cutter)
  cutter.cut(times)
  /** A connection that has begun. */
  const join = async (...more: Buffer[]) => {
    const client = open(cutter.port)
    client.socket.write(Buffer.concat([message('', 'startup'), ...more]))
    expect(await client.answer()).toBe('answer')
    return client
  }
  return { echo, cutter, join }
}

it('cuts the first commit before the server gets it and the second after, and lets all others pass', async () => {
  const { echo, cutter, join } = await startCutter(2)
  const first = await join(query('begin'))
  first.socket.write(query('commit'))
  await first.closed
  expect(echo.received()).not.toContain('commit')

  const second = await join(query('begin'), prepare('commit'))
  second.socket.write(BIND)
  await second.closed
  expect(echo.received()).toContain(BIND.toString('latin1'))

  const third = await join(query('begin'))
  third.socket.write(query('commit'))
  expect(await third.answer()).toBe('answer')
  third.socket.destroy()
  expect(cutter.done).toBe(2)
})

it('takes a statement that writes outside of a transaction for a commit', async () => {
  const { echo, cutter, join } = await startCutter(1)
  const other = await join(prepare('UPDATE workers SET seen_at = now()'))
  other.socket.write(BIND)
  expect(await other.answer()).toBe('answer')
  const inside = await join(query('begin'), prepare('UPDATE jobs SET status = $1'))
  inside.socket.write(BIND)
  expect(await inside.answer()).toBe('answer')
  expect(cutter.done).toBe(0)

  const alone = await join(prepare('WITH x AS (UPDATE "assets" SET status = $1) SELECT'))
  const before = echo.received().length
  alone.socket.write(BIND)
  await alone.closed
  expect([cutter.done, echo.received().length]).toEqual([1, before])
  for (const { socket } of [other, inside]) socket.destroy()
})
