import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { MediaKind } from '@darkroom/contracts'
import { type MediaChild, type MediaPool, plan } from '@darkroom/media'
import type { Input, Maker } from './maker.ts'

const TIMEOUT_MS = 30 * 60_000

/** Runs a job in the pool as the worker does: images in a process that waits, all else in one of its own. */
export function inPool<T>(pool: MediaPool, kind: MediaKind, use: (child: MediaChild) => Promise<T>): Promise<T> {
  const signal = new AbortController().signal
  return pool.withChild({ projectId: 'bench', signal, timeoutMs: TIMEOUT_MS, isFresh: kind !== 'image' }, use)
}

/** Makes files with Darkroom's media pool: probe, plan and render through the sandbox. */
export const darkroomMaker = (pool: MediaPool, definition: Parameters<typeof plan>[1]): Maker => ({
  id: 'darkroom',
  label: `Darkroom, sandbox ${pool.sandbox.level}, ${availableParallelism()} cores`,
  async make({ name, contentType, facts: { kind } }: Input, workDir) {
    const file = join(workDir, name)
    const startedMs = performance.now()
    return await inPool(pool, kind, async child => {
      const startMs = performance.now() - startedMs
      const facts = await child.probe({ file, declaredType: contentType })
      const input = { file, facts, plan: plan(facts, definition), outDir: workDir }
      await child.render(input, {
        onVariant: variant => {
          if ('error' in variant) throw variant.error
        },
      })
      return startMs
    })
  },
  close: () => pool.close(),
})
