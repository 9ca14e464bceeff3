import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The head of an answer, and its body if it is another than the target's. */
export interface ProxiedAnswer {
  status: number
  headers: IncomingHttpHeaders
  body?: string
}

/** How the proxy differs from its target. */
export interface ProxyChanges {
  /** Answers in the place of the target. */
  instead?(incoming: IncomingMessage): Partial<ProxiedAnswer> | undefined
  /** Changes the headers that the target gets. */
  ask?(headers: IncomingHttpHeaders, incoming: IncomingMessage): IncomingHttpHeaders
  /** Changes what the target answered. */
  answer?(answer: ProxiedAnswer, incoming: IncomingMessage): ProxiedAnswer
}

export interface HttpProxy {
  url: string
  /** Replaces all changes; `{}` is the target as it is. */
  setChanges(changes: ProxyChanges): void
  close(): Promise<void>
}

/** Starts an HTTP proxy that makes a server look like another one, which no fault of a network does. */
export async function startHttpProxy(targetUrl: string, initial: ProxyChanges = {}): Promise<HttpProxy> {
  const { hostname: host, port } = new URL(targetUrl)
  let changes = initial

  function forward(incoming: IncomingMessage, response: ServerResponse): void {
    const { method, url: path } = incoming
    const headers = changes.ask?.(incoming.headers, incoming) ?? incoming.headers
    const outgoing = request({ host, port, method, path, headers }, received => {
      const head: ProxiedAnswer = { status: received.statusCode ?? 502, headers: received.headers }
      const answer = changes.answer?.(head, incoming) ?? head
      if (answer.body === undefined) received.pipe(response.writeHead(answer.status, answer.headers))
      else {
        received.resume()
        end(response, answer)
      }
      received.on('error', () => response.destroy())
    })
    outgoing.on('error', () => response.destroy())
    incoming.pipe(outgoing)
  }

  const server = createServer((incoming, response) => {
    const answer = changes.instead?.(incoming)
    if (!answer) return forward(incoming, response)
    incoming.resume()
    end(response, answer)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setChanges(next) {
      changes = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function end(response: ServerResponse, { status = 200, headers = {}, body = '' }: Partial<ProxiedAnswer>): void {
  const { 'content-length': _, 'transfer-encoding': __, ...rest } = headers
  response.writeHead(status, { ...rest, 'content-length': Buffer.byteLength(body) }).end(body)
}
