import { ADVICE, RETRYABLE } from './generated/error-catalogue.ts'
import type { Asset, ErrorCode, Problem } from './types.ts'

/** Codes of the SDK itself, beside those of the service. */
export type ClientErrorCode = 'NETWORK' | 'FILE_CHANGED' | 'FILE_UNREADABLE' | 'STORE_REFUSED' | 'INVALID_ANSWER'

const OWN_ADVICE: Record<ClientErrorCode, string> = {
  NETWORK: 'Check the connection and the URL of the service, then try again.',
  FILE_CHANGED: 'The file changed during the upload. Upload it again.',
  FILE_UNREADABLE: 'The file was moved, deleted or locked. Choose it again.',
  STORE_REFUSED:
    'Try again. If it happens again, ask the operator to check the CORS rules and the clock of the service.',
  INVALID_ANSWER: 'The URL does not lead to Darkroom, or a proxy changed the answer. Check the URL.',
}

const OWN_RETRYABLE: ReadonlySet<string> = new Set<ClientErrorCode>(['NETWORK', 'STORE_REFUSED'])

export interface DarkroomErrorParts {
  code: ErrorCode | ClientErrorCode
  message: string
  /** Of the HTTP answer. */
  status?: number | null
  /** In seconds. */
  retryAfter?: number | null
  requestId?: string | null
  /** Of an invalid request: what is wrong where. */
  errors?: Problem['errors']
  /** The asset of which processing failed. */
  asset?: Asset
}

/** Whatever a call or an upload fails with, apart from `signal.reason` when it was aborted. Act on `code`; texts can change. */
export class DarkroomError extends Error {
  override readonly name = 'DarkroomError'
  /** A code of docs/errors.md, or one of the SDK's own. */
  readonly code: string
  /** What the owner of the file can do, in a sentence. */
  readonly advice: string
  /** Whether the same thing can succeed later. */
  readonly retryable: boolean
  /** HTTP status; null when there was no answer. */
  readonly status: number | null
  /** Seconds after which the service asks to be called again; null when it did not say. */
  readonly retryAfter: number | null
  /** What the operator finds the request by in the logs. */
  readonly requestId: string | null
  readonly errors: NonNullable<Problem['errors']>
  readonly asset: Asset | null

  constructor(parts: DarkroomErrorParts, options?: ErrorOptions) {
    super(parts.message, options)
    const { code, status = null, retryAfter = null, requestId = null, errors = [], asset = null } = parts
    this.code = code
    this.status = status
    this.retryAfter = retryAfter
    this.requestId = requestId
    this.errors = errors
    this.asset = asset
    this.advice = ADVICE[code] ?? (OWN_ADVICE as Record<string, string>)[code] ?? parts.message
    this.retryable = RETRYABLE.has(code) || OWN_RETRYABLE.has(code)
  }
}

export const isDarkroomError = (error: unknown): error is DarkroomError => error instanceof DarkroomError

/** Creates the error for a request that got no answer. */
export const networkError = (url: string, cause: unknown): DarkroomError =>
  new DarkroomError({ code: 'NETWORK', message: `No answer from ${originOf(url)}.` }, { cause })

/** Reads an answer that is no success: problem details as they stand, anything else by its status. */
export async function errorOfAnswer(answer: Response): Promise<DarkroomError> {
  const text = await answer.text().catch(() => '')
  const { code, detail, requestId, errors }: Partial<Problem> = parseProblem(text)
  const { status } = answer
  return new DarkroomError({
    code: code ?? codeOf(answer),
    message: [detail ?? describe(answer), ...(errors ?? []).map(sentence)].join(' '),
    status,
    retryAfter: readRetryAfter(answer.headers.get('retry-after')),
    requestId: requestId ?? answer.headers.get('x-request-id'),
    errors: errors ?? [],
  })
}

/** Creates the error for one of several things that were asked for together. */
export const errorOfProblem = ({ code, detail, status, requestId, errors = [] }: Problem): DarkroomError =>
  new DarkroomError({ code, message: detail, status, requestId, errors })

const sentence = ({ path, message }: { path: string; message: string }) =>
  `${path}: ${message}`.replace(/[^.?]$/, '$&.')

function parseProblem(text: string): Partial<Problem> {
  try {
    const problem: unknown = JSON.parse(text)
    return typeof problem === 'object' && problem !== null ? problem : {}
  } catch {
    return {}
  }
}

/** Says what was answered where no problem details are. Below 400 it is a redirect, of which browsers hide where it leads. */
function describe({ url, status, headers }: Response): string {
  if (status >= 400) return `The service answered with ${status}.`
  const target = headers.get('location') ?? ''
  return `${originOf(url)} redirects to ${URL.canParse(target) ? originOf(target) : 'another URL'}. Use that URL instead.`
}

/** Returns a code for what a proxy, another service or, behind a link, the store has answered. */
function codeOf({ status, redirected }: Response): ErrorCode | ClientErrorCode {
  if (redirected) return 'STORE_REFUSED'
  if (status === 429) return 'RATE_LIMITED'
  if (status >= 500) return status === 500 ? 'INTERNAL' : 'UNAVAILABLE'
  return 'INVALID_ANSWER'
}

/** Parses `Retry-After`, in seconds or as a date; null when it is absent or invalid. */
function readRetryAfter(header: string | null): number | null {
  if (!header) return null
  const seconds = Number(header)
  const given = Number.isFinite(seconds) ? seconds : (Date.parse(header) - Date.now()) / 1000
  return Number.isFinite(given) ? Math.max(0, given) : null
}

/** The query of a signed URL is a secret. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'the service'
}
