import { get } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Balancer {
  url: string
  add(target: string): void
  remove(target: string): void
  close(): Promise<void>
}

/** Between an answer of `/readyz` and the next question, and longest that an answer may take. */
const ASK_EVERY_MS = 200
const ANSWER_WITHIN_MS = 2000

/** The SHUTDOWN_DELAY_SEC of an API behind it: more than it needs to notice, also on a busy machine. */
export const NOTICED_WITHIN_SEC = 5

/**
 * Starts a load balancer as an operator puts it before several APIs. It polls `/readyz` of each, and sends new
 * connections to the ready ones in turn. It leaves open connections alone, and passes on whatever happens to them, also
 * a reset.
 */
export async function startBalancer(): Promise<Balancer> {
  const targets = new Map<string, { isReady: boolean }>()
  let round = 0
  // One question at a time, so that no older answer follows a newer one.
  const watch = async (url: string, target: { isReady: boolean }) => {
    while (targets.get(url) === target) {
      target.isReady = await isReady(url)
      await sleep(ASK_EVERY_MS)
    }
  }

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
    add(url) {
      const target = { isReady: true }
      targets.set(url, target)
      void watch(url, target)
    },
    remove: target => targets.delete(target),
    close() {
      targets.clear()
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
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
    const asked = get(`${url}/readyz`, { agent: false, signal }, answer => {
      answer.resume().on('error', () => undefined)
      resolve(answer.statusCode === 200)
    })
    asked.on('error', () => resolve(false))
  })
