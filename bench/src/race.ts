import type { Contender, MeasuredRun } from './contenders/contender.ts'
import { cpuBetween, watchProcesses } from './measure/process-watch.ts'
import type { Photo } from './photos/photo.ts'
import { say } from './progress.ts'

/** What every contender did, round by round. */
export type Runs = Map<string, MeasuredRun[]>

const WARM_UPS = 2

/**
 * Runs all contenders in turns on the same photos. Each round begins with another one, so that a busy moment of the
 * machine and the order affect all alike. Before that each processes all photos twice: a service runs for days, and
 * code that V8 has not compiled yet takes several times as long (Darkroom's main process: 70 ms a photo at first, 49 in
 * the next 32, then 43).
 */
export async function race(
  contenders: readonly Contender[],
  photos: readonly Photo[],
  rounds: number,
  afterRun: (contender: Contender) => void,
): Promise<Runs> {
  const runs: Runs = new Map(contenders.map(({ id }) => [id, []]))
  for (const contender of contenders) {
    say(`warming up: ${contender.label}`)
    for (let round = 0; round < WARM_UPS; round++) await measured(contender, photos)
  }
  for (let round = 0; round < rounds; round++) {
    for (const [index] of contenders.entries()) {
      const contender = contenders[(index + round) % contenders.length]
      if (!contender) continue
      const run = await measured(contender, photos)
      runs.get(contender.id)?.push(run)
      afterRun(contender)
      say(`round ${round + 1}/${rounds}: ${(run.images / run.seconds).toFixed(2)} images/s  ${contender.label}`)
    }
  }
  return runs
}

async function measured(contender: Contender, photos: readonly Photo[]): Promise<MeasuredRun> {
  await contender.prepare?.(photos)
  const watch = watchProcesses(contender.pids)
  try {
    const before = watch.cpuMs()
    const run = await contender.run(photos)
    const result = { ...run, cpuMs: cpuBetween(before, watch.cpuMs()), memory: watch.stop() }
    await contender.check?.()
    return result
  } finally {
    watch.stop()
  }
}
