import type { FastifyBaseLogger, FastifyServerOptions } from 'fastify'

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'
type Line = Parameters<FastifyBaseLogger['info']>

/** Creates a logger with the id of the request when the first line is written: most requests write none. */
export const requestLogger: NonNullable<FastifyServerOptions['childLoggerFactory']> = (parent, bindings, options) =>
  new LateLogger(parent.level, () => parent.child(bindings, options))

class LateLogger implements FastifyBaseLogger {
  readonly level: string
  readonly #make: () => FastifyBaseLogger
  #made: FastifyBaseLogger | undefined

  constructor(level: string, make: () => FastifyBaseLogger) {
    this.level = level
    this.#make = make
  }

  trace = (...line: Line): void => this.#write('trace', line)
  debug = (...line: Line): void => this.#write('debug', line)
  info = (...line: Line): void => this.#write('info', line)
  warn = (...line: Line): void => this.#write('warn', line)
  error = (...line: Line): void => this.#write('error', line)
  fatal = (...line: Line): void => this.#write('fatal', line)
  silent = (): void => undefined

  child(...given: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return this.#logger.child(...given)
  }

  #write(level: Level, line: Line): void {
    this.#logger[level](...line)
  }

  get #logger(): FastifyBaseLogger {
    this.#made ??= this.#make()
    return this.#made
  }
}
