import { errorEntry } from '@darkroom/contracts/errors'
import type { DarkroomError } from '@darkroom/sdk'
import type { Connection, KeyOrigin } from './connection.ts'
import { CommandError } from './exit-codes.ts'
import { exitCodeOfError } from './sdk-client.ts'

const SET_KEY =
  'Set DARKROOM_KEY to the key that the first start printed, or create a new one on the server with `npx darkroom keys create --operator --direct`.'

/** What to do about a key that is not accepted, by where it comes from. */
const WRONG_KEY: Record<KeyOrigin, (url: string) => string> = {
  DARKROOM_KEY: () => `DARKROOM_KEY is not a valid API key of this installation. ${SET_KEY}`,
  login: url =>
    `${url} does not accept the key of your login any more; it may be revoked or expired. Log in again: npx darkroom login ${url}`,
  'local mode': url => `${url} is not in local mode, so it needs an API key. ${SET_KEY}`,
}

type Where = Pick<Connection, 'url' | 'keyOrigin'>

/** Translates a failure of a call to one with an exit code that says what to do. */
export const explainFailure = (error: DarkroomError, where: Where): CommandError =>
  new CommandError(textOf(error, where), exitCodeOfError(error), { cause: error })

function textOf(error: DarkroomError, { url, keyOrigin }: Where): string {
  const { code, message, status, advice } = error
  const { origin } = new URL(url)
  if (code === 'UNAUTHORIZED') return WRONG_KEY[keyOrigin](url)
  if (code === 'NETWORK' && message.includes(origin))
    return `No response from ${url}${reasonOf(error)}. Start Darkroom with \`npm start\`, or set DARKROOM_URL to the URL of the API.`
  if (code === 'INVALID_ANSWER') return notDarkroom(error, origin)
  if (status === null || code === 'STORE_REFUSED') return `${message}\nWhat to do: ${advice}`
  return refusal(error, status)
}

/** Of what is invalid each fault has its line, as a definition of a preset may have many. */
function refusal({ code, message, errors, requestId }: DarkroomError, status: number): string {
  const [first] = errors
  const said = first ? message.split(` ${first.path}: `)[0] : message
  const faults = errors.map(({ path, message: fault }) => `  ${path}: ${fault}`)
  const lines = [`${code}: ${said}`, ...faults, `What to do: ${errorEntry(code).admin}`]
  if (status >= 500 && requestId !== null) lines.push(`Request id: ${requestId}`)
  return lines.join('\n')
}

function notDarkroom({ status, message }: DarkroomError, origin: string): string {
  if (status !== null && status < 400) return message
  return `${origin} ${status === null ? 'answers as' : `answered ${status} and is`} no Darkroom API. Check DARKROOM_URL.`
}

/** Finds what the system says of a connection, such as ` (ECONNREFUSED)`; '' where it says nothing. */
function reasonOf(error: Error): string {
  for (let { cause } = error; cause instanceof Error; { cause } = cause)
    if ('code' in cause && typeof cause.code === 'string') return ` (${cause.code})`
  return ''
}
