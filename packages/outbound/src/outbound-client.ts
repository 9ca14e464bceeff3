import { appError } from '@darkroom/contracts'
import { Agent, type Dispatcher, request } from 'undici'
import { abortable } from './abortable.ts'
import type { AllowList } from './allow-list.ts'
import { assertAllowedUrl } from './allowed-url.ts'
import { decompress } from './decompress.ts'
import { type DownloadAnswer, type DownloadRequest, download } from './download.ts'
import { createGuardedLookup, createResolve, type Resolve } from './guarded-lookup.ts'
import { translateError } from './translate-error.ts'

export interface OutboundRequest {
  method: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
  /** Of everything, from the name server to the last byte of the answer. */
  timeoutMs: number
  /** Of the answer's body once decompressed; more is not read. */
  maxBytes: number
  signal?: AbortSignal
}

export interface OutboundAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  /** Whether the answer was longer than `maxBytes`. */
  isCut: boolean
}

export interface OutboundClient {
  /**
   * One request to a URL that a stranger gave. Follows no redirect: that is an answer like any other.
   * @throws URL_NOT_ALLOWED, URL_UNREACHABLE, URL_TIMEOUT; the signal's reason when it was aborted
   */
  send(url: string, request: OutboundRequest): Promise<OutboundAnswer>
  /**
   * GET of a URL that a stranger gave, however large the answer, and of those that it redirects to, each checked like the
   * first. `use` reads the body as it comes; see `DownloadAnswer`.
   * @throws URL_NOT_ALLOWED, TOO_MANY_REDIRECTS, URL_UNREACHABLE, URL_TIMEOUT, and whatever `use` throws; the signal's
   * reason when it was aborted
   */
  download<T>(url: string, request: DownloadRequest, use: (answer: DownloadAnswer) => Promise<T>): Promise<T>
  close(): Promise<void>
}

const MAX_HEADER_BYTES = 16_384
/** From the name server to the end of the TLS handshake. */
const CONNECT_TIMEOUT_MS = 10_000

/** Calls untrusted URLs, and nothing but the public internet unless the operator allowed it. */
export function createOutboundClient(allow: AllowList, resolve: Resolve = createResolve()): OutboundClient {
  // Without keep-alive every request resolves, checks and connects anew, and no answer can wait for another's.
  const options = { pipelining: 0, maxHeaderSize: MAX_HEADER_BYTES }
  const connect = { timeout: CONNECT_TIMEOUT_MS }
  const guarded = new Agent({ ...options, connect: { ...connect, lookup: createGuardedLookup(allow, resolve) } })
  const named = new Agent({ ...options, connect })
  const hopOf = (text: string) => {
    const { url, isNamed } = assertAllowedUrl(text, allow)
    return { url, dispatcher: isNamed ? named : guarded }
  }
  return {
    async send(text, wanted) {
      const { url, dispatcher } = hopOf(text)
      return exchange(url, wanted, dispatcher)
    },
    download: (url, wanted, use) => download(hopOf, url, wanted, use),
    async close() {
      await Promise.all([guarded.destroy(), named.destroy()])
    },
  }
}

async function exchange(url: URL, wanted: OutboundRequest, dispatcher: Dispatcher): Promise<OutboundAnswer> {
  const { method, headers = {}, body, timeoutMs, maxBytes } = wanted
  const timeout = AbortSignal.timeout(timeoutMs)
  const signal = wanted.signal ? AbortSignal.any([timeout, wanted.signal]) : timeout
  try {
    const options = { dispatcher, method, headers, signal, ...(body !== undefined && { body }) }
    const answer = await abortable(signal, request(url, options))
    const read = await readAtMost(decompress(answer.body, answer.headers['content-encoding']), maxBytes)
    return { status: answer.statusCode, headers: answer.headers, ...read }
  } catch (error) {
    wanted.signal?.throwIfAborted()
    if (timeout.aborted) throw appError('URL_TIMEOUT', `There was no complete response within ${timeoutMs / 1000} s.`)
    throw translateError(error)
  }
}

/** Reads at most so many bytes. Leaving the loop destroys the stream and its connection. */
async function readAtMost(body: AsyncIterable<Buffer>, maxBytes: number): Promise<{ body: Buffer; isCut: boolean }> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > maxBytes) break
  }
  return { body: Buffer.concat(chunks).subarray(0, maxBytes), isCut: bytes > maxBytes }
}
