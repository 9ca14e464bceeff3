import { correlation, withCorrelation } from '@darkroom/core'
import type { FastifyBaseLogger, FastifyServerOptions } from 'fastify'

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'
type Line = Parameters<FastifyBaseLogger['info']>

/** Creates a logger whose lines have the id of the request, also where they are written by an event of its connection. */
export const requestLogger: NonNullable<FastifyServerOptions['childLoggerFactory']> = (parent, { requestId }) =>
  new RequestLogger(parent, String(requestId))

class RequestLogger implements FastifyBaseLogger {
  readonly level: string
  readonly #parent: FastifyBaseLogger
  readonly #requestId: string

  constructor(parent: FastifyBaseLogger, requestId: string) {
    this.level = parent.level
    this.#parent = parent
    this.#requestId = requestId
  }

  trace = (...line: Line): void => this.#write('trace', line)
  debug = (...line: Line): void => this.#write('debug', line)
  info = (...line: Line): void => this.#write('info', line)
  warn = (...line: Line): void => this.#write('warn', line)
  error = (...line: Line): void => this.#write('error', line)
  fatal = (...line: Line): void => this.#write('fatal', line)
  silent = (): void => undefined

  child(...given: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return new RequestLogger(this.#parent.child(...given), this.#requestId)
  }

  #write(level: Level, line: Line): void {
    withCorrelation({ ...correlation(), requestId: this.#requestId }, () => this.#parent[level](...line))
  }
}
