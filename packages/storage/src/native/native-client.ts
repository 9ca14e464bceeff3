import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { retryDelayMs } from '../attempts.ts'
import { isBusy, isTokenRefused, NativeApiError, translateNativeError } from './native-errors.ts'
import { Authorization, NativeFailure } from './native-shapes.ts'

/** Where accounts of every region are authorized; the answer says where the account itself is. */
export const B2_NATIVE_API = 'https://api.backblazeb2.com'

const PATH = '/b2api/v4'
const MAX_ATTEMPTS = 4
const TIMEOUT_MS = 30_000

export interface NativeClientOptions {
  /** Default `B2_NATIVE_API`. */
  url?: string | undefined
  keyId: string
  applicationKey: string
  fetch?: typeof fetch
}

interface NativeCall<Shape extends z.ZodType> {
  operation: string
  /** The bucket that it is about, for messages; '' for the account. */
  bucket: string
  /** Parameters; the account's id is added where it is asked for. */
  body: Record<string, unknown>
  /** Calls that change nothing may be a GET with parameters in the query. */
  method?: 'GET' | 'POST'
  answer: Shape
}

/** The account and the limits of a key. */
export interface NativeAccount {
  accountId: string
  capabilities: string[]
  /** Buckets that the key is limited to; null: all. */
  buckets: { id: string; name: string | null }[] | null
  /** What names the key is limited to begin with; null: any. */
  namePrefix: string | null
  /** Null: never. */
  expiresAt: Date | null
  /** The S3 endpoint of the account; null where the store does not say. */
  s3ApiUrl: string | null
}

/** Calls B2's native API, version 4, with one key. https://www.backblaze.com/apidocs */
export interface NativeClient {
  account(): Promise<NativeAccount>
  /** @throws STORE_CREDENTIALS, STORE_UNAVAILABLE, STORE_CAP_EXCEEDED, or INTERNAL with what B2 said */
  call<Shape extends z.ZodType>(call: NativeCall<Shape>): Promise<z.output<Shape>>
}

export function createNativeClient(options: NativeClientOptions): NativeClient {
  const { url = B2_NATIVE_API, keyId, applicationKey, fetch: send = fetch } = options
  let authorized: Promise<z.output<typeof Authorization>> | undefined

  async function authorize(): Promise<z.output<typeof Authorization>> {
    const credentials = Buffer.from(`${keyId}:${applicationKey}`).toString('base64')
    const headers = { authorization: `Basic ${credentials}` }
    return Authorization.parse(await attempt(() => exchange(send, `${url}${PATH}/b2_authorize_account`, { headers })))
  }

  function authorization(): Promise<z.output<typeof Authorization>> {
    authorized ??= authorize().catch((error: unknown) => {
      authorized = undefined
      throw error
    })
    return authorized
  }

  async function callOnce<Shape extends z.ZodType>(call: NativeCall<Shape>): Promise<unknown> {
    const { authorizationToken, apiInfo } = await authorization()
    const address = `${apiInfo.storageApi.apiUrl}${PATH}/${call.operation}`
    const headers = { authorization: authorizationToken, 'content-type': 'application/json' }
    if (call.method === 'GET') {
      const query = new URLSearchParams(Object.entries(call.body).map(([name, value]) => [name, String(value)]))
      return exchange(send, `${address}?${query}`, { headers: { authorization: authorizationToken } })
    }
    return exchange(send, address, { method: 'POST', headers, body: JSON.stringify(call.body) })
  }

  return {
    async account() {
      try {
        const { accountId, apiInfo, applicationKeyExpirationTimestamp: expires } = await authorization()
        const { allowed, s3ApiUrl = null } = apiInfo.storageApi
        const { capabilities, buckets = null, namePrefix = null } = allowed
        return { accountId, capabilities, buckets, namePrefix, s3ApiUrl, expiresAt: expires ? new Date(expires) : null }
      } catch (error) {
        throw translateNativeError(error, 'b2_authorize_account', '')
      }
    },
    async call(call) {
      try {
        const answer = await attempt(() => callOnce(call)).catch((error: unknown) => {
          if (!isTokenRefused(error)) throw error
          authorized = undefined
          return callOnce(call)
        })
        return call.answer.parse(answer)
      } catch (error) {
        throw translateNativeError(error, call.operation, call.bucket)
      }
    },
  }
}

/** Sends one request, and returns the JSON of its answer. */
async function exchange(send: typeof fetch, url: string, request: RequestInit): Promise<unknown> {
  let response: Response
  try {
    response = await send(url, { ...request, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause)
    throw new NativeApiError({ status: 0, code: 'unreachable', message: `${new URL(url).origin}: ${reason}` })
  }
  const answer: unknown = await response.json().catch(() => undefined)
  if (response.ok) return answer
  const failure = NativeFailure.safeParse(answer)
  const retryAfter = Number(response.headers.get('retry-after'))
  throw new NativeApiError({
    status: response.status,
    code: failure.data?.code ?? 'unknown',
    message: failure.data?.message ?? response.statusText,
    retryAfterSec: retryAfter > 0 ? retryAfter : undefined,
  })
}

/** Repeats what a busy server refused. Creating a key twice is the worst of it, and such a key is seen in the list. */
async function attempt<T>(run: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count++) {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof NativeApiError) || !isBusy(error) || count >= MAX_ATTEMPTS) throw error
      await sleep(retryDelayMs(count, error.retryAfterSec))
    }
  }
}
