import { get } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'

export interface Balancer {
  url: string
  add(target: string): void
  remove(target: string): void
  close(): Promise<void>
}

const ASK_EVERY_MS = 200

/**
 * Starts a load balancer as an operator puts it before several APIs. It polls `/readyz` of each, and sends new
 * connections to the ready ones in turn. It leaves open connections alone, and passes on whatever happens to them, also
 * a reset.
 */
export async function startBalancer(): Promise<Balancer> {
  const targets = new Map<string, { isReady: boolean }>()
  let round = 0
  const asking = setInterval(() => {
    for (const [url, target] of targets) {
      isReady(url).then(ready => {
        target.isReady = ready
      })
    }
  }, ASK_EVERY_MS)

  const clients = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, client => {
    clients.add(client)
    client.once('close', () => clients.delete(client))
    const ready = [...targets].filter(([, { isReady }]) => isReady).map(([url]) => Number(new URL(url).port))
    round += 1
    const [port] = ready.slice(round % Math.max(1, ready.length))
    if (port === undefined) client.resetAndDestroy()
    else join(client, connect({ port, host: '127.0.0.1', allowHalfOpen: true }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0

  return {
    url: `http://127.0.0.1:${port}`,
    add: target => targets.set(target, { isReady: true }),
    remove: target => targets.delete(target),
    close() {
      clearInterval(asking)
      for (const client of clients) client.destroy()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

function join(client: Socket, api: Socket): void {
  client.pipe(api)
  api.pipe(client)
  api.on('error', () => client.resetAndDestroy())
  client.on('error', () => api.destroy())
  client.on('close', () => api.destroy())
}

const isReady = (url: string) =>
  new Promise<boolean>(resolve => {
    const asked = get(`${url}/readyz`, { agent: false }, answer => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
    asked.on('error', () => resolve(false))
  })
