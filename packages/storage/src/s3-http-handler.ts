import { Agent as HttpsAgent } from 'node:https'
import type { Socket } from 'node:net'
import { Agent as HttpAgent } from '@darkroom/core/node-http'
import { NodeHttpHandler } from '@smithy/node-http-handler'

const MAX_SOCKETS = 50
const SLOW_FACTOR = 10

type Handle = NodeHttpHandler['handle']
type Request = Parameters<Handle>[0]

/** Copies and the assembly of parts may stay silent while the store works. */
const isSlow = (request: Request): boolean =>
  'x-amz-copy-source' in request.headers || (request.method === 'POST' && 'uploadId' in (request.query ?? {}))

/**
 * HTTP with keep-alive, except after an answer that says "busy": B2 means that very connection, and a new one reaches
 * another server (mastodon/mastodon#30030), so the socket is closed instead of reused.
 */
export class S3HttpHandler extends NodeHttpHandler {
  readonly #slow: NodeHttpHandler

  constructor(options: { connectTimeoutMs: number; idleTimeoutMs: number }) {
    const httpAgent = new HttpAgent({ keepAlive: true, maxSockets: MAX_SOCKETS })
    const httpsAgent = new HttpsAgent({ keepAlive: true, maxSockets: MAX_SOCKETS })
    const shared = { httpAgent, httpsAgent, connectionTimeout: options.connectTimeoutMs }
    super({ ...shared, socketTimeout: options.idleTimeoutMs })
    this.#slow = new NodeHttpHandler({ ...shared, socketTimeout: options.idleTimeoutMs * SLOW_FACTOR })
  }

  override async handle(...[request, options]: Parameters<Handle>): ReturnType<Handle> {
    const result = await (isSlow(request) ? this.#slow.handle(request, options) : super.handle(request, options))
    const { statusCode, body } = result.response
    if (statusCode >= 500 || statusCode === 429 || statusCode === 408) {
      const { socket } = body as { socket: Socket }
      body.once('end', () => socket.destroy())
    }
    return result
  }
}
