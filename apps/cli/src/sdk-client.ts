import { createDarkroom, type Darkroom, type DarkroomError } from '@darkroom/sdk'
import { type Connection, findConnection } from './connection.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

export interface Connected {
  darkroom: Darkroom
  connection: Connection
}

/**
 * Connects to the installation that commands use. What a call throws, `explain-failure.ts` explains.
 * @param options.maxRetries 0 by default: a person learns at once that nothing answers, and a script by the exit code
 */
export async function connectSdk({ maxRetries = 0 }: { maxRetries?: number } = {}): Promise<Connected> {
  const connection = await findConnection(process.env)
  return { darkroom: createDarkroom({ url: connection.url, key: connection.key, maxRetries }), connection }
}

/** Returns the values of a query or body that are there, as the SDK takes them. */
export const given = <T extends object>(values: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>
  }

/** Collects a list that goes page by page. */
export async function everyOf<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of list) items.push(item)
  return items
}

const EXIT_OF_STATUS: Record<number, ExitCode> = {
  400: EXIT.usage,
  401: EXIT.unauthorized,
  403: EXIT.unauthorized,
  404: EXIT.notFound,
  410: EXIT.notFound,
  413: EXIT.refused,
  415: EXIT.refused,
  422: EXIT.refused,
  451: EXIT.refused,
  429: EXIT.unreachable,
  503: EXIT.unreachable,
}

/** Nobody answered, or not Darkroom itself, whatever the status is. */
const NOT_THERE: ReadonlySet<string> = new Set(['NETWORK', 'INVALID_ANSWER', 'STORE_REFUSED', 'UNAVAILABLE'])

/** Returns the exit code of a failed call, or of an asset that failed. */
export function exitCodeOfError({ code, status, asset }: DarkroomError): ExitCode {
  if (asset) return EXIT.processingFailed
  if (NOT_THERE.has(code)) return EXIT.unreachable
  return EXIT_OF_STATUS[status ?? 0] ?? EXIT.failed
}

/** What no other of many calls would fare better with. */
export const OF_ALL: ReadonlySet<string> = new Set(['UNAUTHORIZED', 'FORBIDDEN', 'INVALID_ANSWER'])

/** Tells whether the same call may succeed later by itself. */
export const isPassing = ({ code, status }: DarkroomError): boolean =>
  code === 'NETWORK' || code === 'IDEMPOTENCY_IN_FLIGHT' || status === 429 || (status !== null && status >= 500)
