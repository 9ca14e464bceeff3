import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Give = (response: ServerResponse, request: IncomingMessage) => void

export interface SourceServer {
  /** The URL of a path of it. */
  url(path: string): string
  /** `host:port`, for the list of what may be called. */
  host: string
  /** Paths that were asked for, with their queries. */
  asked: string[]
  /** How it answers from now on. */
  give(give: Give): void
  close(): Promise<void>
}

/** Answers with a file, as most servers do. */
export const file =
  (bytes: Uint8Array, contentType?: string): Give =>
  response =>
    void response.writeHead(200, { ...(contentType && { 'content-type': contentType }) }).end(bytes)

/** Starts a server from which files are imported. */
export async function startSourceServer(): Promise<SourceServer> {
  const asked: string[] = []
  let respond: Give = response => void response.writeHead(404).end()
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    respond(response, request)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: path => `http://${host}${path}`,
    host,
    asked,
    give(next) {
      respond = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
