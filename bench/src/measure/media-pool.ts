import { mkdir, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { silentLogger } from '@darkroom/core'
import { findTools, type MediaChild, MediaConfig, type MediaPool, startMediaPool, toLimits } from '@darkroom/media'

/**
 * Starts Darkroom's media processes as its worker does, without the rest of Darkroom. Their files must be below
 * `tempRoot`. `size` is the number of concurrent jobs; `media` is what a project accepts beyond the defaults.
 */
export async function startPool(
  tempRoot: string,
  size = availableParallelism(),
  media: Parameters<typeof toLimits>[1] = {},
): Promise<MediaPool> {
  const limits = toLimits(MediaConfig.parse({}), media)
  const codeDir = `${tempRoot}-code`
  await mkdir(codeDir, { recursive: true })
  const tools = await findTools(process.env)
  const pool = await startMediaPool({ size, limits, logger: silentLogger, tempRoot, tools, codeDir })
  return {
    ...pool,
    async close() {
      await pool.close()
      await rm(codeDir, { recursive: true, force: true })
    },
  }
}

const TIMEOUT_MS = 60_000

export function withPoolChild<T>(pool: MediaPool, use: (child: MediaChild) => Promise<T>): Promise<T> {
  const signal = new AbortController().signal
  return pool.withChild({ projectId: 'bench', signal, timeoutMs: TIMEOUT_MS }, use)
}
