import { ConfigError } from '@darkroom/core'
import type { ApiConfig } from './config.ts'

/** Explains why the server cannot listen, and which variable to change. Returns every other error unchanged. */
export function explainListenError(error: unknown, { HOST, PORT }: Pick<ApiConfig, 'HOST' | 'PORT'>): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const fault = FAULTS[code]?.(HOST, PORT)
  return fault ? new ConfigError([fault]) : error
}

type Explain = (host: string, port: number) => string

const noSuchHost: Explain = host =>
  `HOST: expected an address of this machine, such as 127.0.0.1 or 0.0.0.0, not "${host}"`

const FAULTS: Record<string, Explain> = {
  EADDRINUSE: (host, port) =>
    `PORT: ${port} is already in use on ${host}; choose another port, or stop the program that uses it`,
  EACCES: (_host, port) => `PORT: this user is not allowed to listen on ${port}; choose a port above 1023`,
  ENOTFOUND: noSuchHost,
  EAI_AGAIN: noSuchHost,
  EADDRNOTAVAIL: noSuchHost,
  EINVAL: noSuchHost,
}
