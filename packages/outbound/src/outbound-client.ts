import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { appError } from '@darkroom/contracts'
import { AppError } from '@darkroom/core'
import { Agent, type Dispatcher, request } from 'undici'
import type { AllowList } from './allow-list.ts'
import { assertAllowedUrl } from './allowed-url.ts'
import { createGuardedLookup, createResolve, type Resolve } from './guarded-lookup.ts'

export interface OutboundRequest {
  method: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
  /** Of everything, from the name server to the last byte of the answer. */
  timeoutMs: number
  /** Of the answer's body once unpacked; more is not read. */
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
  close(): Promise<void>
}

const MAX_HEADER_BYTES = 16_384

/** Calls URLs of strangers, and nothing but the public internet unless the operator allowed it. */
export function createOutboundClient(allow: AllowList, resolve: Resolve = createResolve()): OutboundClient {
  // Without keep-alive every request resolves, checks and connects anew, and no answer can wait for another's.
  const options = { pipelining: 0, maxHeaderSize: MAX_HEADER_BYTES }
  const guarded = new Agent({ ...options, connect: { lookup: createGuardedLookup(allow, resolve) } })
  const named = new Agent(options)
  return {
    async send(text, wanted) {
      const { url, isNamed } = assertAllowedUrl(text, allow)
      return exchange(url, wanted, isNamed ? named : guarded)
    },
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
    const answer = await endingWith(signal, request(url, options))
    const read = await readAtMost(unpacked(answer.body, answer.headers['content-encoding']), maxBytes)
    return { status: answer.statusCode, headers: answer.headers, ...read }
  } catch (error) {
    wanted.signal?.throwIfAborted()
    if (timeout.aborted) throw appError('URL_TIMEOUT', `There was no whole answer within ${timeoutMs / 1000} s.`)
    throw translate(error)
  }
}

/** undici heeds a signal only when it is connected; until then its own ten seconds would count. */
function endingWith<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const end = () => aborted.reject(signal.reason)
  if (signal.aborted) end()
  signal.addEventListener('abort', end)
  return Promise.race([work, aborted.promise]).finally(() => signal.removeEventListener('abort', end))
}

const UNPACKERS: Record<string, () => NodeJS.ReadWriteStream & Readable> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** We ask for nothing packed; who sends it all the same may mean to fill our memory, so it is measured as it comes out. */
function unpacked(body: Readable, encoding: string | string[] | undefined): Readable {
  const unpacker = UNPACKERS[String(encoding).toLowerCase()]?.()
  // What goes wrong in it is thrown to who reads it.
  return unpacker ? pipeline(body, unpacker, () => undefined) : body
}

/** Leaving the loop destroys the stream and with it the connection. */
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

function translate(error: unknown): AppError {
  if (error instanceof AppError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer'
  return appError('URL_UNREACHABLE', `The host could not be reached: ${code}.`, { cause: error })
}
