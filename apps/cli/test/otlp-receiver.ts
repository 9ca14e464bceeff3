import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A span as OTLP/JSON has it, with the name of the process that sent it. */
export interface ReceivedSpan {
  service: string
  name: string
  traceId: string
  spanId: string
  parentSpanId: string
  /** Whether its status is an error. */
  hasFailed: boolean
  attributes: Record<string, unknown>
}

export interface OtlpReceiver {
  url: string
  readonly spans: readonly ReceivedSpan[]
  /** Requests to other paths, such as webhooks. */
  readonly others: readonly string[]
  /** Takes every request for traces from now on, and never answers. */
  hang(): void
  close(): Promise<void>
}

interface Sent {
  resourceSpans: {
    resource: { attributes: Attribute[] }
    scopeSpans: {
      spans: (Omit<ReceivedSpan, 'attributes'> & { attributes: Attribute[]; status: { code?: number } })[]
    }[]
  }[]
}
interface Attribute {
  key: string
  value: { stringValue?: string; intValue?: number }
}

/** Receives traces over OTLP/HTTP, as JSON. Answers every other request with 200. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  const others: string[] = []
  let hangs = false
  const server = createServer(async (request, response) => {
    if (request.url !== '/v1/traces') {
      others.push(`${request.method} ${request.url}`)
      request.resume()
      response.end()
      return
    }
    const body = await textOf(request)
    if (hangs) return
    spans.push(...spansOf(JSON.parse(body)))
    response.setHeader('content-type', 'application/json')
    response.end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    others,
    hang: () => {
      hangs = true
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks = await request.toArray()
  return Buffer.concat(chunks).toString('utf8')
}

const spansOf = ({ resourceSpans }: Sent): ReceivedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(scope =>
      scope.spans.map(({ name, traceId, spanId, parentSpanId = '', status, attributes }) => ({
        service: String(valuesOf(resource.attributes)['service.name']),
        name,
        traceId,
        spanId,
        parentSpanId,
        hasFailed: status.code === 2,
        attributes: valuesOf(attributes),
      })),
    ),
  )

const valuesOf = (attributes: Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]))
