import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type FaultProxy, startFaultProxy } from '../src/index.ts'

const BODY = Buffer.alloc(4_000_000, 'x')
let target: Server
let proxy: FaultProxy

/** Answers `go` with the body and an end, everything else with itself. */
const answer = (socket: Socket) => {
  socket.on('error', () => undefined)
  socket.on('data', chunk => (String(chunk) === 'go' ? socket.end(BODY) : socket.write(chunk)))
}

beforeEach(async () => {
  target = createServer(answer)
  await new Promise<void>(resolve => target.listen(0, '127.0.0.1', resolve))
  const address = target.address()
  proxy = await startFaultProxy({
    target: { host: '127.0.0.1', port: typeof address === 'object' && address ? address.port : 0 },
  })
})
afterEach(async () => {
  await proxy.close()
  await new Promise(resolve => target.close(resolve))
})

interface Outcome {
  bytes: number
  code: string | null
}

/** Sends one message; resolves with what came when the connection ends. */
function exchange(message: string, onData: (socket: Socket) => void = () => undefined): Promise<Outcome> {
  return new Promise(resolve => {
    const socket = connect(proxy.port, proxy.host, () => socket.write(message))
    let bytes = 0
    let code: string | null = null
    socket.on('data', chunk => {
      bytes += chunk.length
      onData(socket)
    })
    socket.on('error', error => {
      code = 'code' in error ? String(error.code) : error.message
    })
    socket.on('close', () => resolve({ bytes, code }))
  })
}

const hangUp = (socket: Socket) => socket.end()

it('passes everything on when nothing is to go wrong', async () => {
  expect(await exchange('go')).toEqual({ bytes: BODY.length, code: null })
  expect(await exchange('echo', hangUp)).toEqual({ bytes: 4, code: null })
  await expect.poll(() => proxy.connections).toBe(0)
})

it('delays each direction', async () => {
  proxy.setFaults({ latencyMs: 100 })
  const startedAt = performance.now()
  await exchange('echo', hangUp)
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(195)
})

it('cuts after a number of bytes, all of which arrive', async () => {
  proxy.setFaults({ cutAfterBytes: 1000 })
  expect(await exchange('go')).toEqual({ bytes: 1000, code: 'ECONNRESET' })
})

it('hangs until it is healed', async () => {
  proxy.setFaults({ hang: true })
  let isAnswered = false
  const outcome = exchange('echo', socket => {
    isAnswered = true
    socket.end()
  })
  await new Promise(resolve => setTimeout(resolve, 150))
  expect(isAnswered).toBe(false)
  proxy.setFaults({})
  expect(await outcome).toEqual({ bytes: 4, code: null })
})

it('resets what is open', async () => {
  expect(await exchange('echo', () => proxy.reset())).toEqual({ bytes: 4, code: 'ECONNRESET' })
  expect(await exchange('echo', hangUp)).toEqual({ bytes: 4, code: null })
})

it('refuses connections while it does not accept, and takes them again on the same port', async () => {
  const { port } = proxy
  await proxy.stopAccepting()
  expect(await exchange('echo', hangUp)).toEqual({ bytes: 0, code: 'ECONNREFUSED' })
  await proxy.resumeAccepting()
  expect(proxy.port).toBe(port)
  expect(await exchange('echo', hangUp)).toEqual({ bytes: 4, code: null })
})

it('freezes what is open, which never hears a word again, and passes on what comes later', async () => {
  const heard: string[] = []
  const socket = connect(proxy.port, proxy.host)
  socket.on('data', chunk => heard.push(String(chunk)))
  socket.on('close', () => heard.push('close'))
  socket.write('before')
  await expect.poll(() => heard).toEqual(['before'])
  proxy.freeze()
  socket.write('after')
  expect(await exchange('echo', hangUp)).toEqual({ bytes: 4, code: null })
  await new Promise(resolve => setTimeout(resolve, 150))
  expect(heard).toEqual(['before'])
  socket.destroy()
})
