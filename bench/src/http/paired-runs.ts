import { median } from '../measure/statistics.ts'
import { say } from '../progress.ts'
import type { Load } from './load.ts'

/** The API and a bare route, taking turns. */
export interface PairedRuns {
  name: string
  ours: Load[]
  bare: Load[]
  /** Of each round: our requests per second over the bare route's. */
  ratios: number[]
  ratio: number
  /** Of each round: the bare route's CPU a request over ours. */
  cpuRatios: number[]
  cpuRatio: number
}

export interface PairedRunsOptions {
  name: string
  rounds: number
  /** The one status that each must answer with. */
  expected: { ours: string; bare: string }
  ours(): Promise<Load>
  bare(): Promise<Load>
}

export async function runPairs({ name, rounds, expected, ours, bare }: PairedRunsOptions): Promise<PairedRuns> {
  // Both compile and fill their caches first.
  await ours()
  await bare()
  const runs: PairedRuns = { name, ours: [], bare: [], ratios: [], ratio: 0, cpuRatios: [], cpuRatio: 0 }
  for (let round = 0; round < rounds; round++) {
    const [one, other] = round % 2 === 0 ? [await ours(), await bare()] : (await oneAfterOther(bare, ours)).toReversed()
    if (!one || !other) throw new Error('a round has two runs')
    check(name, one, expected.ours)
    check(`bare ${name}`, other, expected.bare)
    runs.ours.push(one)
    runs.bare.push(other)
    runs.ratios.push(one.requestsPerSec / other.requestsPerSec)
    runs.cpuRatios.push(other.cpuMs / one.cpuMs)
    say(
      `${name}, round ${round + 1}/${rounds}: ${one.requestsPerSec.toFixed(0)} and ${other.requestsPerSec.toFixed(0)} requests/s`,
    )
  }
  return { ...runs, ratio: median(runs.ratios), cpuRatio: median(runs.cpuRatios) }
}

async function oneAfterOther(first: () => Promise<Load>, second: () => Promise<Load>): Promise<Load[]> {
  return [await first(), await second()]
}

function check(name: string, { statuses }: Load, expected: string): void {
  const others = Object.keys(statuses).filter(status => status !== expected)
  if (others.length > 0)
    throw new Error(`${name} answered ${JSON.stringify(statuses)}, and should only with ${expected}`)
}
