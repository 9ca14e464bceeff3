/** What an `ApiError` is made of: a problem document's members, or our own code when no answer came. */
interface ApiErrorParts {
  code: string
  detail: string
  status: number | null
  retryAfterMs: number | null
}

/** An answer of the API that is not a success, or no answer at all (`NETWORK`, status null). */
export class ApiError extends Error {
  readonly code: string
  readonly status: number | null
  readonly retryAfterMs: number | null

  constructor({ code, detail, status, retryAfterMs }: ApiErrorParts, options?: ErrorOptions) {
    super(detail, options)
    this.name = 'ApiError'
    this.code = code
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
}

export const networkError = (cause: unknown): ApiError =>
  new ApiError(
    { code: 'NETWORK', detail: 'The API could not be reached.', status: null, retryAfterMs: null },
    { cause },
  )

/** Creates the error for a request without a key. The request is not sent, because the service would refuse it. */
export const noKeyError = (): ApiError =>
  new ApiError({ code: 'UNAUTHORIZED', detail: 'An API key is needed.', status: 401, retryAfterMs: null })

/**
 * Creates the error for an answer to a request of another key, which must not be shown or used under the current key.
 */
export const otherKeyError = (): ApiError =>
  new ApiError({
    code: 'UNAUTHORIZED',
    detail: 'The API key was changed in the meantime.',
    status: 401,
    retryAfterMs: null,
  })

/** Tells whether the key is valid but not allowed to do this (403). */
export const isForbidden = (error: unknown): error is ApiError => error instanceof ApiError && error.status === 403

/** Reads an error answer: problem+json as it stands, anything else by its status. */
export async function errorOfAnswer(answer: Response): Promise<ApiError> {
  const problem: unknown = await answer.json().catch(() => null)
  const { code, detail, errors } = isRecord(problem) ? problem : {}
  return new ApiError({
    code: typeof code === 'string' ? code : codeOfStatus(answer.status),
    detail: [
      typeof detail === 'string' ? detail : `The API responded with ${answer.status}.`,
      ...fieldFaults(errors),
    ].join(' '),
    status: answer.status,
    retryAfterMs: retryAfterMs(answer.headers.get('retry-after')),
  })
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function fieldFaults(errors: unknown): string[] {
  if (!Array.isArray(errors)) return []
  return errors.filter(isRecord).map(({ path, message }) => `${path}: ${message}`.replace(/[^.?]$/, '$&.'))
}

function codeOfStatus(status: number): string {
  if (status === 401) return 'UNAUTHORIZED'
  if (status === 404) return 'NOT_FOUND'
  if (status === 429) return 'RATE_LIMITED'
  return [502, 503, 504].includes(status) ? 'UNAVAILABLE' : 'INTERNAL'
}

/** Parses `Retry-After`, in seconds or as a date; null when it is absent or invalid. */
function retryAfterMs(header: string | null): number | null {
  if (!header) return null
  const seconds = Number(header)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}
