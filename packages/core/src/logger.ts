import { type Logger as PinoLogger, pino } from 'pino'
import { correlation } from './correlation.ts'

export type Logger = Pick<PinoLogger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child' | 'level'>

const SECRET_QUERY =
  /([?&](?:X-Amz-(?:Signature|Credential|Security-Token)|token|Authorization|sentinel_password)=)[^&\s"']+/gi
const API_KEY = /\b(d[kot]_[A-Za-z0-9]{2,8})_?[A-Za-z0-9_.-]{8,}/g
const WEBHOOK_SECRET = /\bwhsec_[A-Za-z0-9+/]+=*/g
/** Tokens of views and shares are a part of the path. */
const PATH_TOKEN = /(\/[vs]\/)[\w-]{40,}/g
const URL_PASSWORD = /(\w+:\/\/[^\s:/@]*:)[^\s@/]+@/g

/**
 * Strips signed queries, keys, tokens of clients, views and shares, webhook secrets and URL passwords out of a text that is
 * about to be logged.
 */
export function redact(text: string): string {
  return text
    .replace(SECRET_QUERY, '$1[redacted]')
    .replace(API_KEY, '$1_[redacted]')
    .replace(WEBHOOK_SECRET, 'whsec_[redacted]')
    .replace(PATH_TOKEN, '$1[redacted]')
    .replace(URL_PASSWORD, '$1[redacted]@')
}

/**
 * Returns what a log line contains of an error: no other properties, because libraries attach connections and requests
 * to them.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  return {
    type: error.name,
    message: error.message,
    ...('code' in error && { code: error.code }),
    stack: error.stack,
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  }
}

function correlationFields(): object {
  const { trace, ...ids } = correlation()
  return trace ? { ...ids, traceId: trace.traceId } : ids
}

const writeToStderr = (line: string): void => void process.stderr.write(line)

/**
 * Creates a logger that writes JSON lines to stderr, so that stdout stays free for what a person or a script reads. Each line has the ids of
 * what its work belongs to (`withCorrelation`), and passes `redact`.
 */
export function createLogger(name: string, level = 'info', write = writeToStderr): Logger {
  return pino(
    {
      name,
      level,
      mixin: correlationFields,
      redact: {
        paths: ['req.headers.authorization', 'req.headers.cookie', '*.applicationKey', '*.secret'],
        censor: '[redacted]',
      },
      serializers: { err: describeError },
    },
    { write: line => write(redact(line)) },
  )
}

/** For tests and for callers that have nothing to say. */
export const silentLogger: Logger = pino({ level: 'silent' })
