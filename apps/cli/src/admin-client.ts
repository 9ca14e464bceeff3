import type { Problem } from '@darkroom/contracts'
import { LOCAL_KEY } from '@darkroom/contracts/local-key'
import { type Connection, findConnection } from './connection.ts'
import { CommandError, EXIT, type ExitCode } from './exit-codes.ts'

type Query = Record<string, string | number | undefined>

/** Speaks to the API; every fault is a `CommandError` that says what to do. */
export interface AdminClient {
  /** Values that are undefined are left out of the query. */
  get<T>(path: string, query?: Query): Promise<T>
  /** Every item of a list, page by page. */
  every<T>(path: string, query?: Query): Promise<T[]>
  post<T>(path: string, body?: unknown): Promise<T>
  patch<T>(path: string, body: unknown): Promise<T>
  delete<T>(path: string, query?: Query): Promise<T>
  /** Whether the key is one of a project, which reaches that project alone. */
  isOfProject(): Promise<boolean>
}

const PAGE = 200

/** Finds the API out of `DARKROOM_URL`, `DARKROOM_KEY` and what runs on this machine, when it is first asked. */
export function createAdminClient(env: NodeJS.ProcessEnv = process.env): AdminClient {
  let connection: Promise<Connection> | undefined
  const connect = () => {
    connection ??= findConnection(env)
    return connection
  }
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const { url, key, hasOwnKey } = await connect()
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch(error => {
      throw nothingAnswers(url, error)
    })
    const text = await response.text()
    if (!response.ok) throw await explainFailure({ url, hasOwnKey }, response.status, text)
    return text === '' ? undefined : parseJson(url, text)
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
  new CommandError(`${url} ${what} no Darkroom API. Check DARKROOM_URL.`, EXIT.unreachable, { cause })

function parseJson(url: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw noApi(url, 'answers as', error)
  }
}

async function explainFailure(
  { url, hasOwnKey }: Pick<Connection, 'url' | 'hasOwnKey'>,
  status: number,
  text: string,
): Promise<CommandError> {
  const problem = problemOf(text)
  if (!problem) return noApi(url, `answered ${status} and is`)
  const { code, detail, errors = [] } = problem
  if (code === 'UNAUTHORIZED')
    return new CommandError(
      hasOwnKey ? WRONG_KEY : `${url} is not in local mode, so it needs an API key. ${SET_KEY}`,
      EXIT.unauthorized,
    )
  // Only who fails needs the catalogue of errors.
  const { errorEntry } = await import('@darkroom/contracts/errors')
  const faults = errors.map(({ path, message }) => `  ${path}: ${message}`)
  const lines = [`${code}: ${detail}`, ...faults, `What to do: ${errorEntry(code).admin}`]
  if (status >= 500) lines.push(`Request id: ${problem.requestId}`)
  return new CommandError(lines.join('\n'), exitCodeOf(status))
}

const SET_KEY =
  'Set DARKROOM_KEY to the key that the first start printed, or create a new one on the server with `npx darkroom keys create --operator --direct`.'
const WRONG_KEY = `DARKROOM_KEY is not a valid API key of this installation. ${SET_KEY}`

function exitCodeOf(status: number): ExitCode {
  if (status === 400) return EXIT.usage
  if (status === 401 || status === 403) return EXIT.unauthorized
  if (status === 404 || status === 410) return EXIT.notFound
  return status === 429 || status === 503 ? EXIT.unreachable : EXIT.failed
}

function problemOf(text: string): Problem | null {
  try {
    const problem = JSON.parse(text) as Problem
    return typeof problem.code === 'string' ? problem : null
  } catch {
    return null
  }
}
