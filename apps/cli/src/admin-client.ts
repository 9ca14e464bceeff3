import { errorEntry, type Problem } from '@darkroom/contracts'
import { parseConfig } from '@darkroom/core'
import { AdminConfig } from './admin-config.ts'

/** What a person is told when a command could not do what they asked for; the exit code is 1 then. */
export class CommandError extends Error {}

export interface AdminClient {
  /** Values that are undefined are left out of the query. */
  get<T>(path: string, query?: Record<string, string | number | undefined>): Promise<T>
  post<T>(path: string, body?: unknown): Promise<T>
  delete<T>(path: string, query?: Record<string, string | undefined>): Promise<T>
}

/** Speaks to the API of `DARKROOM_URL` with `DARKROOM_KEY`; every fault is a `CommandError` that says what to do. */
export function createAdminClient(env: NodeJS.ProcessEnv = process.env): AdminClient {
  const { DARKROOM_URL: url, DARKROOM_KEY: key } = parseConfig(AdminConfig, env)
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch(error => {
      throw new CommandError(
        `Nothing answers at ${url}. Start it with \`npm start\`, or set DARKROOM_URL to where the API is.`,
        { cause: error },
      )
    })
    const text = await response.text()
    if (!response.ok) throw new CommandError(explainFailure(url, response.status, text))
    return text === '' ? undefined : parseJson(url, text)
  }
  return {
    get: <T>(path: string, query = {}) => send('GET', `${path}${queryOf(query)}`) as Promise<T>,
    post: <T>(path: string, body: unknown = {}) => send('POST', path, body) as Promise<T>,
    delete: <T>(path: string, query = {}) => send('DELETE', `${path}${queryOf(query)}`) as Promise<T>,
  }
}

function queryOf(query: Record<string, string | number | undefined>): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

function parseJson(url: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CommandError(`What answers at ${url} is no Darkroom API. Check DARKROOM_URL.`, { cause: error })
  }
}

function explainFailure(url: string, status: number, text: string): string {
  const problem = problemOf(text)
  if (!problem) return `${url} answered ${status}, and not as a Darkroom API does. Check DARKROOM_URL.`
  const { code, detail, errors = [] } = problem
  if (code === 'UNAUTHORIZED')
    return 'The key is not one of this installation. Set DARKROOM_KEY to one with the scope admin: `darkroom keys create`.'
  const faults = errors.map(({ path, message }) => `  ${path}: ${message}`)
  const lines = [`${code}: ${detail}`, ...faults, `What to do: ${errorEntry(code).admin}`]
  return status >= 500 ? [...lines, `Request id: ${problem.requestId}`].join('\n') : lines.join('\n')
}

function problemOf(text: string): Problem | null {
  try {
    const problem = JSON.parse(text) as Problem
    return typeof problem.code === 'string' ? problem : null
  } catch {
    return null
  }
}
