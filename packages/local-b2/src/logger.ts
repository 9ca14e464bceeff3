/** What the store asks of a logger; pino and console-like adapters fit. */
export interface Logger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

function drop() {
  return undefined
}

export const silentLogger: Logger = { info: drop, warn: drop, error: drop }
