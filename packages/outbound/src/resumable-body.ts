import { setTimeout as sleep } from 'node:timers/promises'
import { isAppError } from '@darkroom/core'

type Headers = Record<string, string | string[] | undefined>

/** An answer whose body can be read, or given up with its connection. */
export interface OpenBody {
  status: number
  headers: Headers
  stream: AsyncIterable<Buffer>
  discard(): void
}

const MAX_RESUMES = 8
const FIRST_DELAY_MS = 200
const MAX_DELAY_MS = 5_000

/**
 * Streams a body, and goes on where its connection was cut: with `Range`, and with `If-Range`, so that no other bytes are put behind those of
 * before (RFC 9110, 13.1.5). Only a strong ETag promises that; without one, or when the host sends the whole file again, the error stands and
 * whoever asked begins anew.
 * @param reopen asks again from the first URL on, with the same checks of every hop
 */
export async function* resumableBody(
  first: OpenBody,
  reopen: (headers: Record<string, string>) => Promise<OpenBody>,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const etag = strongEtagOf(first)
  let opened = first
  let bytes = 0
  let resumes = 0
  const goOnAfter = async (cut: unknown): Promise<OpenBody> => {
    while (etag !== null && resumes < MAX_RESUMES && !signal.aborted) {
      resumes += 1
      await sleep(Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (resumes - 1)), undefined, { signal })
      const rest = await openFrom(reopen, { bytes, etag }, cut)
      if (rest) return rest
    }
    throw cut
  }
  try {
    for (;;) {
      try {
        for await (const chunk of opened.stream) {
          bytes += chunk.length
          yield chunk
        }
        return
      } catch (cut) {
        opened.discard()
        opened = await goOnAfter(cut)
      }
    }
  } finally {
    opened.discard()
  }
}

/** Returns the ETag by which the rest of a body can be asked for; null without a strong one, and for a body that was packed. */
function strongEtagOf({ status, headers }: OpenBody): string | null {
  const { etag, 'content-encoding': encoding } = headers
  return status === 200 && encoding === undefined && typeof etag === 'string' && etag.startsWith('"') ? etag : null
}

/**
 * Asks for the rest.
 * @returns null when the host could not be reached, which is worth another try
 * @throws `cut`, when it sends anything but the rest of the same file
 */
async function openFrom(
  reopen: (headers: Record<string, string>) => Promise<OpenBody>,
  { bytes, etag }: { bytes: number; etag: string },
  cut: unknown,
): Promise<OpenBody | null> {
  let answer: OpenBody
  try {
    answer = await reopen({ range: `bytes=${bytes}-`, 'if-range': etag })
  } catch (error) {
    if (isAppError(error)) throw error
    return null
  }
  const { status, headers } = answer
  const isSameFile = headers['content-encoding'] === undefined && (headers.etag ?? etag) === etag
  const isRange = status === 206 && String(headers['content-range']).startsWith(`bytes ${bytes}-`)
  // What came before anybody read is lost with the connection; then all of it is the rest.
  const isWhole = status === 200 && bytes === 0 && headers.etag === etag
  if (isSameFile && (isRange || isWhole)) return answer
  answer.discard()
  throw cut
}
