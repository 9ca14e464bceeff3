import { availableParallelism } from 'node:os'
import { silentLogger } from '@darkroom/core'
import { type MediaChild, MediaConfig, type MediaPool, startMediaPool, toLimits } from '@darkroom/media'

/** Darkroom's media processes as its worker starts them, without the rest of Darkroom. */
export function startPool(): Promise<MediaPool> {
  return startMediaPool({
    size: availableParallelism(),
    limits: toLimits(MediaConfig.parse({})),
    logger: silentLogger,
  })
}

const TIMEOUT_MS = 60_000

export function withPoolChild<T>(pool: MediaPool, workDir: string, use: (child: MediaChild) => Promise<T>): Promise<T> {
  const signal = new AbortController().signal
  return pool.withChild({ projectId: 'bench', workDir, signal, timeoutMs: TIMEOUT_MS }, use)
}
