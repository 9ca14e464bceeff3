import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  path: string
  body: string
  headers: Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>
}

export type Answer = (response: ServerResponse, received: Received) => void

export interface Receiver {
  url: string
  /** `host:port`, for the list of what may be called. */
  host: string
  received: Received[]
  /** How it answers from now on. Default: 204. */
  answer(answer: Answer): void
  close(): Promise<void>
}

const ok: Answer = response => void response.writeHead(204).end()

/** Starts a webhook endpoint that records what it receives. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  let respond = ok
  const server = createServer(async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const header = (name: string) => String(request.headers[name])
    const headers = {
      'webhook-id': header('webhook-id'),
      'webhook-timestamp': header('webhook-timestamp'),
      'webhook-signature': header('webhook-signature'),
    }
    const got = { path: request.url ?? '', body: Buffer.concat(chunks).toString(), headers }
    received.push(got)
    respond(response, got)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}/hook`,
    host,
    received,
    answer(answer) {
      respond = answer
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
