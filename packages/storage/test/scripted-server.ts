import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ScriptedAnswer {
  status: number
  code?: string
  message?: string
  headers?: Record<string, string>
  body?: string
}

export interface ScriptedServer {
  url: string
  requests: { method: string; url: string; headers: IncomingHttpHeaders; byteSize: number }[]
  close(): Promise<void>
}

const errorBody = ({ code, message = code }: ScriptedAnswer) =>
  code ? `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>` : ''

/** Answers the same to everything and keeps what it was asked: for answers that no store gives on demand. */
export async function startScriptedServer(answers: ScriptedAnswer[]): Promise<ScriptedServer> {
  const requests: ScriptedServer['requests'] = []
  const server = createServer(async (incoming, response) => {
    let byteSize = 0
    for await (const chunk of incoming) byteSize += (chunk as Buffer).byteLength
    const { method = '', url = '', headers } = incoming
    const answer = answers[Math.min(requests.length, answers.length - 1)] ?? { status: 200 }
    requests.push({ method, url, headers, byteSize })
    response.writeHead(answer.status, { 'content-type': 'application/xml', ...answer.headers })
    response.end(method === 'HEAD' ? undefined : (answer.body ?? errorBody(answer)))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
