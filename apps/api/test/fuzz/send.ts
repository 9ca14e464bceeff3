import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import type { FuzzRequest } from './request.ts'

export interface Answer {
  status: number
  headers: IncomingMessage['headers']
  /** Empty where the answer is a stream: that is cut off after its head. */
  body: string
}

const TIMEOUT_MS = 30_000

/** Sends requests over a few connections that stay open. */
export function createSender(baseUrl: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  const { hostname, port } = new URL(baseUrl)

  const sendOver = (over: Agent | false, { method, target, headers, body }: FuzzRequest): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const all = [...headers.flat(), 'host', `${hostname}:${port}`, ...lengthOf(method, body)]
      // A path is sent as it stands, also one that is none.
      const outgoing = httpRequest({ agent: over, hostname, port, method, path: target, headers: all })
      outgoing.setTimeout(TIMEOUT_MS, () => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)))
      outgoing.on('error', reject)
      outgoing.on('response', incoming => {
        read(incoming).then(resolve, reject)
      })
      outgoing.end(body ?? undefined)
    })

  return {
    // A server may close a connection that is not in use just when it is used again.
    send: (request: FuzzRequest) =>
      sendOver(agent, request).catch(error => {
        if (['ECONNRESET', 'EPIPE'].includes(error.code)) return sendOver(false, request)
        throw error
      }),
    close: () => agent.destroy(),
  }
}

function lengthOf(method: string, body: Buffer | null): string[] {
  if (body === null && method === 'GET') return []
  return ['content-length', String(body?.length ?? 0)]
}

async function read(incoming: IncomingMessage): Promise<Answer> {
  const { statusCode: status = 0, headers } = incoming
  if (headers['content-type']?.startsWith('text/event-stream')) {
    incoming.destroy()
    return { status, headers, body: '' }
  }
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return { status, headers, body: Buffer.concat(chunks).toString() }
}
