import { readConfig } from './config.ts'
import type { Logger } from './logger.ts'
import { startLocalB2 } from './server.ts'

function print(level: string) {
  return (fields: object, message: string) => {
    const plain = Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? String(value) : value])
    console.log(JSON.stringify({ level, message, ...Object.fromEntries(plain) }))
  }
}

/** Less than Docker waits before it kills. */
const SHUTDOWN_GRACE_MS = 8000

const logger: Logger = { info: print('info'), warn: print('warn'), error: print('error') }

try {
  const store = await startLocalB2({ ...readConfig(process.env), shutdownGraceMs: SHUTDOWN_GRACE_MS, logger })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void store.close().catch(report))
} catch (cause) {
  report(cause)
}

function report(cause: unknown) {
  console.error(cause instanceof Error ? cause.message : cause)
  process.exitCode = 1
}
