import { createServer, request as httpRequest } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Canary {
  url: string
  /** Paths that somebody asked for. */
  hits: string[]
  close(): void
}

/** Starts a server at an address on this machine that no honest file or request leads to, and records its visitors. */
export async function startCanary(): Promise<Canary> {
  const hits: string[] = []
  const server = createServer((request, response) => {
    hits.push(request.url ?? '')
    response.end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/canary`, hits, close: () => server.close() }
}

export interface SlowClients {
  stillOpen(): number
  close(): void
}

/** Connections that begin a request and never end it. */
export async function slowClients(port: number, count: number): Promise<SlowClients> {
  const sockets = await Promise.all(Array.from({ length: count }, () => slowClient(port)))
  const timer = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write('x-more: 1\r\n')
  }, 5000)
  return {
    stillOpen: () => sockets.filter(({ destroyed, readyState }) => !destroyed && readyState === 'open').length,
    close() {
      clearInterval(timer)
      for (const socket of sockets) socket.destroy()
    },
  }
}

function slowClient(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.resume()
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('connect', () => {
      // Being cut off is what it is here for.
      socket.removeListener('error', reject).on('error', () => socket.destroy())
      socket.write('GET /v1/assets HTTP/1.1\r\nhost: 127.0.0.1\r\n')
      resolve(socket)
    })
  })
}

/** An answer that comes in the middle would be lost if the rest ran into a closed connection. */
const LISTEN_MS = 10

/** Sends JSON of this size, said first or found out on the way, until it is answered; resolves with the status. */
export async function sendJsonOf(
  url: string,
  { byteSize, isSaid, key }: { byteSize: number; isSaid: boolean; key: string },
): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${key}`,
    ...(isSaid && { 'content-length': byteSize }),
  }
  const request = httpRequest(url, { method: 'POST', headers })
  let status: number | undefined
  const failure = Promise.withResolvers<never>()
  request.on('error', failure.reject)
  request.on('response', response => {
    status = response.statusCode
  })
  request.flushHeaders()
  const chunk = Buffer.alloc(64 * 1024, '[')
  for (let left = byteSize; left > 0 && status === undefined; left -= chunk.length) {
    await Promise.race([sleep(LISTEN_MS), failure.promise])
    if (status === undefined) request.write(chunk)
  }
  request.destroy()
  return status ?? 0
}

/** Records everything that is sent to a Redis from now on, as text. */
export async function listenToRedis(url: string): Promise<{ heard(): string; close(): void }> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let heard = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.once('data', () => resolve())
    socket.write('MONITOR\r\n')
  })
  return { heard: () => heard, close: () => socket.destroy() }
}
