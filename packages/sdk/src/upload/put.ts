import { DarkroomError, networkError } from '../errors.ts'

export interface PutRequest {
  url: string
  headers: Record<string, string>
  bytes: Uint8Array<ArrayBuffer>
  /** Told how many bytes have left, as far as that is known. */
  onSent: (sentBytes: number) => void
  signal: AbortSignal
}

export interface PutAnswer {
  status: number
  retryAfterSec: number | null
}

/** Sends bytes to a presigned URL; rejects when there is no answer. */
export type Put = (request: PutRequest) => Promise<PutAnswer>

/** Sends by `fetch`, which tells nothing of the progress. */
export const putByFetch: Put = async ({ url, headers, bytes, onSent, signal }) => {
  const answer = await fetch(url, { method: 'PUT', headers, body: bytes, signal })
  await answer.body?.cancel()
  onSent(bytes.byteLength)
  return { status: answer.status, retryAfterSec: Number(answer.headers.get('retry-after')) || null }
}

/** Sends by XMLHttpRequest: the only one in a browser that tells how much it has sent. */
export const putByXhr: Put = ({ url, headers, bytes, onSent, signal }) =>
  new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    const abort = () => xhr.abort()
    xhr.open('PUT', url)
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
    xhr.upload.onprogress = ({ loaded }) => onSent(loaded)
    // The store need not expose Retry-After, and a browser says so in its console when it is asked for.
    xhr.onload = () => resolve({ status: xhr.status, retryAfterSec: null })
    xhr.onerror = () => reject(new TypeError('The connection to the store was lost.'))
    xhr.onabort = () => reject(new TypeError('The transfer was stopped.'))
    xhr.onloadend = () => signal.removeEventListener('abort', abort)
    signal.addEventListener('abort', abort, { once: true })
    // A Blob without a type adds no header, which would not be signed.
    xhr.send(new Blob([bytes]))
  })

/** Once all is sent it is the store that takes its time. */
const ANSWER_MS = 120_000

/**
 * Sends bytes, and gives up when none moves any more: then a new connection helps, and no browser tells of it.
 * @throws NETWORK, STORE_REFUSED with the status, or the signal's reason
 */
export async function putWatched(
  put: Put,
  { signal, onSent, ...request }: Omit<PutRequest, 'signal'> & { signal: AbortSignal },
  stallAfterMs: number,
): Promise<void> {
  const { url, bytes } = request
  const stall = new AbortController()
  let timer = setTimeout(() => stall.abort(), stallAfterMs)
  let most = 0
  const moved = (sentBytes: number) => {
    if (sentBytes <= most) return
    most = sentBytes
    clearTimeout(timer)
    const quietMs = sentBytes < bytes.byteLength ? stallAfterMs : Math.max(stallAfterMs, ANSWER_MS)
    timer = setTimeout(() => stall.abort(), quietMs)
    onSent(sentBytes)
  }
  try {
    signal.throwIfAborted()
    const either = AbortSignal.any([signal, stall.signal])
    const { status, retryAfterSec } = await put({ ...request, onSent: moved, signal: either })
    if (status >= 200 && status < 300) return
    const message = `The object store answered with ${status}.`
    throw new DarkroomError({ code: 'STORE_REFUSED', message, status, retryAfter: retryAfterSec })
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof DarkroomError ? error : networkError(url, error)
  } finally {
    clearTimeout(timer)
  }
}
