import { appError } from '@darkroom/contracts'
import { type Dispatcher, request } from 'undici'
import { abortable } from './abortable.ts'
import { decompress } from './decompress.ts'
import { followRedirects } from './follow-redirects.ts'
import { type MinimumRate, watchMinimumRate } from './minimum-rate.ts'
import { type OpenBody, resumableBody } from './resumable-body.ts'
import { translateError } from './translate-error.ts'

export interface DownloadRequest {
  headers?: Record<string, string>
  maxRedirects: number
  /** Until a host has sent its headers, from when it was connected to. Connecting has a limit of its own. */
  firstByteMs: number
  minimumRate: MinimumRate
  /** Of everything, redirects included. */
  totalMs: number
  /** Of the body once decompressed. */
  maxBytes: number
  signal?: AbortSignal
}

export interface DownloadAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  /** As the host says; null when it does not, or sends it packed. */
  byteSize: number | null
  /**
   * To be read once, decompressed.
   * @throws TOO_LARGE, URL_TIMEOUT, URL_UNREACHABLE; the signal's reason when it was aborted
   */
  body: AsyncIterable<Buffer>
}

interface Hop {
  url: URL
  dispatcher: Dispatcher
}

/**
 * Gets a URL and what it redirects to, each of which `hopOf` checks, also when a cut connection is gone on with. The answer is there while `use` runs; whatever it
 * leaves unread is given up with the connection.
 */
export async function download<T>(
  hopOf: (url: string) => Hop,
  start: string,
  wanted: DownloadRequest,
  use: (answer: DownloadAnswer) => Promise<T>,
): Promise<T> {
  const timeout = AbortSignal.timeout(wanted.totalMs)
  const signal = wanted.signal ? AbortSignal.any([timeout, wanted.signal]) : timeout
  const failure = (error: unknown, what?: string) => {
    if (wanted.signal?.aborted) return wanted.signal.reason
    if (timeout.aborted)
      return appError('URL_TIMEOUT', `The download was not complete within ${wanted.totalMs / 1000} s.`)
    return translateError(error, what)
  }
  const openWith = (more: Record<string, string>) => {
    const headers = { ...wanted.headers, ...more }
    return followRedirects(start, wanted.maxRedirects, async url => open(hopOf(url), { ...wanted, headers }, signal))
  }
  const opened = await openWith({}).catch(error => {
    throw failure(error)
  })
  const brokeOff = (error: unknown) => failure(error, 'The host closed the connection')
  try {
    const { status, headers } = opened
    const whole = resumableBody(opened, openWith, signal)
    return await use({ status, headers, byteSize: declaredBytes(headers), body: measured(whole, wanted, brokeOff) })
  } finally {
    opened.discard()
  }
}

async function open({ url, dispatcher }: Hop, wanted: DownloadRequest, signal: AbortSignal): Promise<OpenBody> {
  const { headers = {}, firstByteMs, minimumRate } = wanted
  const limits = { headersTimeout: firstByteMs, bodyTimeout: minimumRate.windowMs }
  const asked = request(url, { dispatcher, method: 'GET', headers, signal, ...limits }).then(answer => {
    // A body that is given up says so by an error, which is then for nobody.
    answer.body.on('error', () => undefined)
    return answer
  })
  const answer = await abortable(signal, asked)
  return {
    status: answer.statusCode,
    headers: answer.headers,
    stream: decompress(answer.body, answer.headers['content-encoding']),
    discard: () => answer.body.destroy(),
  }
}

function declaredBytes({ 'content-length': length, 'content-encoding': encoding }: DownloadAnswer['headers']) {
  return encoding === undefined && typeof length === 'string' && /^\d{1,15}$/.test(length) ? Number(length) : null
}

async function* measured(
  stream: AsyncIterable<Buffer>,
  { maxBytes, minimumRate }: DownloadRequest,
  brokeOff: (error: unknown) => unknown,
): AsyncGenerator<Buffer> {
  const saw = watchMinimumRate(minimumRate)
  let bytes = 0
  try {
    for await (const chunk of stream) {
      bytes += chunk.length
      if (bytes > maxBytes) throw appError('TOO_LARGE', `The file has more than ${maxBytes} bytes.`)
      saw(chunk.length)
      yield chunk
    }
  } catch (error) {
    throw brokeOff(error)
  }
}
