import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { freePort } from '@darkroom/testing'
import { Webhook } from 'standardwebhooks'

/** How a request is answered. `hang` keeps it open for ever. */
export type Behaviour = { status: number; location?: string; afterMs?: number } | 'hang'

/** One request that came, and what was said to it. */
export interface Received {
  /** Its `webhook-id`. */
  id: string
  body: string
  /** By `performance.now()`. */
  at: number
  /** Null when it was never answered. */
  status: number | null
  /** Whether its signature verifies, by the library of Standard Webhooks. */
  isSigned: boolean
}

/** Somebody's server that is told of events. */
export interface Receiver {
  url: string
  received: readonly Received[]
  /** Most requests that were open at once. */
  readonly mostAtOnce: number
  /** How the next requests are answered, one after the other; the last stays. At first: 204. */
  behave(...behaviours: Behaviour[]): void
  /** What signatures are verified with. */
  trust(secret: string): void
  /** Refuses connections. */
  stop(): Promise<void>
  /** Answers 204 again, wherever it was stopped or made to fail. */
  heal(): Promise<void>
}

const OK: Behaviour = { status: 204 }
const LOCALHOST = '127.0.0.1'

/** Starts a webhook receiver. @param note records a received message before it is answered */
export async function startReceiver(note: (received: Received) => void): Promise<Receiver> {
  const port = await freePort()
  const received: Received[] = []
  let behaviours: Behaviour[] = [OK]
  let webhook: Webhook | null = null
  let open = 0
  let mostAtOnce = 0

  const isSigned = (body: string, headers: IncomingMessage['headers']): boolean => {
    try {
      webhook?.verify(body, headers as Record<string, string>)
      return webhook !== null
    } catch {
      return false
    }
  }

  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    const behaviour = (behaviours.length > 1 ? behaviours.shift() : behaviours[0]) ?? OK
    const isHung = behaviour === 'hang'
    const status = isHung ? null : behaviour.status
    const signed = isSigned(body, request.headers)
    const entry = { id: `${request.headers['webhook-id']}`, body, at: performance.now(), status, isSigned: signed }
    received.push(entry)
    note(entry)
    if (isHung) return
    const { afterMs = 0, location } = behaviour
    setTimeout(() => response.writeHead(behaviour.status, location ? { location } : {}).end(), afterMs)
  }

  const server = createServer((request, response) => {
    open += 1
    mostAtOnce = Math.max(mostAtOnce, open)
    response.once('close', () => {
      open -= 1
    })
    // The sender died in the middle of its request: nothing came.
    take(request, response).catch(() => response.destroy())
  })
  const start = () =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, LOCALHOST, () => resolve())
    })
  await start()

  return {
    url: `http://${LOCALHOST}:${port}/hook`,
    received,
    get mostAtOnce() {
      return mostAtOnce
    },
    behave(...next) {
      behaviours = next
    },
    trust(secret) {
      webhook = new Webhook(secret)
    },
    async stop() {
      if (!server.listening) return
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
    async heal() {
      behaviours = [OK]
      if (!server.listening) await start()
    },
  }
}
