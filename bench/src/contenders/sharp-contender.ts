import { startForked } from '../measure/forked.ts'
import { inParallel } from '../measure/in-parallel.ts'
import type { Contender } from './contender.ts'
import { type SharpMode, sharpJob } from './sharp-work.ts'

export interface SharpSetup {
  id: string
  label: string
  mode: SharpMode
  processes: number
  /** Photos under way in each process. */
  inFlight: number
  /** Threads of libvips in each process. */
  threads: number
}

const ENTRY = new URL('./sharp-child.ts', import.meta.url)

export async function startSharp({ id, label, mode, processes, inFlight, threads }: SharpSetup): Promise<Contender> {
  const started = await Promise.all(Array.from({ length: processes }, () => startForked(ENTRY, [String(threads)])))
  const children = started.map(({ forked }) => forked)
  const lanes = children.flatMap(child => Array.from({ length: inFlight }, () => child))
  return {
    id,
    label,
    pids: children.map(({ pid }) => pid),
    async run(photos) {
      const startedMs = performance.now()
      await inParallel(photos, lanes, async (photo, child) => {
        await child.ask({ mode, job: sharpJob(photo) })
      })
      return { images: photos.length, seconds: (performance.now() - startedMs) / 1000 }
    },
    async close() {
      await Promise.all(children.map(child => child.close()))
    },
  }
}
