import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Receiver {
  url: string
  /** `webhook-id` and body of every message, in the order in which they came. */
  received: { id: string; body: string }[]
  /** What it answers from now on. At first 200. */
  answerWith(status: number): void
  close(): Promise<void>
}

/** Starts a webhook receiver, the server of a customer. */
export async function startReceiver(): Promise<Receiver> {
  const received: Receiver['received'] = []
  let status = 200
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    received.push({ id: String(request.headers['webhook-id']), body: Buffer.concat(chunks).toString() })
    response.writeHead(status).end(status === 200 ? 'thank you' : 'not now')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answerWith(next) {
      status = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
