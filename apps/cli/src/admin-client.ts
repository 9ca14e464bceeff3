import type { Problem } from '@darkroom/contracts'
import { LOCAL_KEY } from '@darkroom/contracts/local-key'
import { exitCodeOf, WRONG_KEY } from './api-failures.ts'
import { type Connection, findConnection } from './connection.ts'
import { CommandError, EXIT, type ExitCode } from './exit-codes.ts'

type Query = Record<string, string | number | undefined>

/** What the API refused, with the code of its problem. */
export class ApiError extends CommandError {
  readonly code: string
  /** Seconds after which it may be asked again; null when it does not say. */
  readonly retryAfterSec: number | null

  constructor(
    message: string,
    exitCode: ExitCode,
    { code, retryAfterSec }: { code: string; retryAfterSec: number | null },
  ) {
    super(message, exitCode)
    this.code = code
    this.retryAfterSec = retryAfterSec
  }
}

/** Speaks to the API; every fault is a `CommandError` that says what to do. */
export interface AdminClient {
  /** Values that are undefined are left out of the query. */
  get<T>(path: string, query?: Query): Promise<T>
  /** Every item of a list, page by page. */
  every<T>(path: string, query?: Query): Promise<T[]>
  post<T>(path: string, body?: unknown): Promise<T>
  patch<T>(path: string, body: unknown): Promise<T>
  delete<T>(path: string, query?: Query): Promise<T>
  /** The URL that an answer leads to, which is not followed. */
  locationOf(path: string, query?: Query): Promise<string>
  /** The URL of the API, without a slash at its end. */
  url(): Promise<string>
  /** Whether the key is one of a project, which reaches that project alone. */
  isOfProject(): Promise<boolean>
}

const PAGE = 200

/** Finds the API out of the environment, what somebody logged in to, and what runs on this machine, when it is first asked. */
export const createAdminClient = (env: NodeJS.ProcessEnv = process.env): AdminClient =>
  createClientOf(() => findConnection(env))

/** Creates a client of an installation that is found when it is first asked. */
export function createClientOf(find: () => Promise<Connection>): AdminClient {
  let connection: Promise<Connection> | undefined
  const connect = () => {
    connection ??= find()
    return connection
  }
  const request = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const { url, key, keyOrigin } = await connect()
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch(error => {
      throw nothingAnswers(url, error)
    })
    if (response.status < 400) return response
    throw await explainFailure({ url, keyOrigin }, response)
  }
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await request(method, path, body)
    const text = await response.text()
    if (response.status >= 300) throw redirected((await connect()).url, response)
    return text === '' ? undefined : parseJson(response.url, text)
  }
  const get = <T>(path: string, query: Query = {}) => send('GET', `${path}${queryOf(query)}`) as Promise<T>
  return {
    get,
    async every<T>(path: string, query: Query = {}) {
      const items: T[] = []
      for (let cursor: string | undefined; ; ) {
        const page = await get<{ items: T[]; nextCursor: string | null }>(path, { ...query, limit: PAGE, cursor })
        items.push(...page.items)
        if (!page.nextCursor) return items
        cursor = page.nextCursor
      }
    },
    post: <T>(path: string, body: unknown = {}) => send('POST', path, body) as Promise<T>,
    patch: <T>(path: string, body: unknown) => send('PATCH', path, body) as Promise<T>,
    delete: <T>(path: string, query: Query = {}) => send('DELETE', `${path}${queryOf(query)}`) as Promise<T>,
    async locationOf(path, query = {}) {
      const response = await request('GET', `${path}${queryOf(query)}`)
      await response.body?.cancel()
      const location = response.headers.get('location')
      if (location === null) throw noApi(response.url, 'answers as')
      return new URL(location, response.url).href
    },
    url: async () => (await connect()).url,
    async isOfProject() {
      const { key } = await connect()
      return key.startsWith('dk_') && key !== LOCAL_KEY
    },
  }
}

function queryOf(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

function nothingAnswers(url: string, error: unknown): CommandError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const reason = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : ''
  const text = `No response from ${url}${reason}. Start Darkroom with \`npm start\`, or set DARKROOM_URL to the URL of the API.`
  return new CommandError(text, EXIT.unreachable, { cause: error })
}

const noApi = (url: string, what: string, cause?: unknown) =>
  new CommandError(`${new URL(url).origin} ${what} no Darkroom API. Check DARKROOM_URL.`, EXIT.unreachable, { cause })

/** A redirect is not followed: the key is for this host alone, and a POST would become a GET. */
function redirected(url: string, response: Response): CommandError {
  const location = URL.parse(response.headers.get('location') ?? '', response.url)
  if (!location || location.origin === new URL(url).origin) return noApi(url, 'answers as')
  return new CommandError(`${url} redirects to ${location.origin}. Use that URL instead.`, EXIT.unreachable)
}

function parseJson(url: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw noApi(url, 'answers as', error)
  }
}

async function explainFailure(
  { url, keyOrigin }: Pick<Connection, 'url' | 'keyOrigin'>,
  response: Response,
): Promise<CommandError> {
  const { status } = response
  const problem = problemOf(await response.text())
  if (!problem) return noApi(url, `answered ${status} and is`)
  const { code, detail, errors = [] } = problem
  const facts = { code, retryAfterSec: readSeconds(response.headers.get('retry-after')) }
  if (code === 'UNAUTHORIZED') return new ApiError(WRONG_KEY[keyOrigin](url), EXIT.unauthorized, facts)
  // Only who fails needs the catalogue of errors.
  const { errorEntry } = await import('@darkroom/contracts/errors')
  const faults = errors.map(({ path, message }) => `  ${path}: ${message}`)
  const lines = [`${code}: ${detail}`, ...faults, `What to do: ${errorEntry(code).admin}`]
  if (status >= 500) lines.push(`Request id: ${problem.requestId}`)
  return new ApiError(lines.join('\n'), exitCodeOf(status), facts)
}

function readSeconds(header: string | null): number | null {
  const seconds = Number(header ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds : null
}

function problemOf(text: string): Problem | null {
  try {
    const problem = JSON.parse(text) as Problem
    return typeof problem.code === 'string' ? problem : null
  } catch {
    return null
  }
}
