import { cpus, release, totalmem, type } from 'node:os'
import { hasRedis } from '@darkroom/testing'
import { type Machine, startMachine } from '../deployment/machine.ts'
import { BACKENDS, type Backend } from '../deployment/settings.ts'
import type { Options } from '../options.ts'
import { commitOfCheckout, readRecordedCells, recordCell } from '../report/journal.ts'
import type { CellResult, Results } from '../report/results.ts'
import { SCENARIOS } from '../scenarios/index.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { runCell } from './run-cell.ts'
import { median, worst } from './statistics.ts'
import type { TrialResults } from './trial-results.ts'

/** Told as it happens. */
export interface Progress {
  begin(scenario: Scenario, backend: Backend): void
  end(cell: CellResult): void
}

export type RunOptions = Pick<
  Options,
  'scenarios' | 'backends' | 'trials' | 'seed' | 'jobs' | 'scale' | 'sabotage' | 'isSmoke' | 'isResumed'
>

/** Retries wait up to minutes after an outage of the whole length. */
const SETTLE_SEC = { smoke: 60, scaled: 180, full: 420, sabotaged: 60 }

const settleMs = ({ sabotage, isSmoke, scale }: RunOptions): number => {
  if (sabotage) return SETTLE_SEC.sabotaged * 1000
  if (isSmoke) return SETTLE_SEC.smoke * 1000
  return (scale >= 1 ? SETTLE_SEC.full : SETTLE_SEC.scaled) * 1000
}

/** Runs every scenario on every backend, a few deployments at a time, on a machine of its own. */
export async function runAll(options: RunOptions, progress: Progress): Promise<Results> {
  const machine = await startMachine()
  const stop = new AsyncDisposableStack()
  stop.defer(() => machine.close())
  endWithSignal(stop)
  try {
    return await runAllOn(machine, options, progress)
  } finally {
    await stop.disposeAsync()
  }
}

/** Runs all cells on a machine that is already started. */
export async function runAllOn(machine: Machine, options: RunOptions, progress: Progress): Promise<Results> {
  const began = performance.now()
  const commit = commitOfCheckout()
  const cells = options.isResumed ? await readRecordedCells(options.seed) : []
  const isDone = ({ scenario, backend }: Cell) =>
    cells.some(done => done.number === scenario.number && done.backend === backend)
  const waiting = cellsOf(options).filter(cell => !isDone(cell))
  const runNext = async (): Promise<void> => {
    for (let cell = waiting.shift(); cell; cell = waiting.shift()) {
      progress.begin(cell.scenario, cell.backend)
      const result = await resultOf(machine, options, { ...cell, commit })
      progress.end(result)
      cells.push(result)
      if (options.sabotage === null) await recordCell(options.seed, result)
    }
  }
  await Promise.all(Array.from({ length: options.jobs }, runNext))
  const { seed, scale, trials, sabotage } = options
  return {
    date: new Date().toISOString(),
    seed,
    scale,
    trials,
    sabotage,
    machine: describeMachine(),
    seconds: secondsSince(began),
    cells: cells.toSorted((one, two) => one.number - two.number || one.backend.localeCompare(two.backend)),
  }
}

const secondsSince = (from: number) => Math.round((performance.now() - from) / 100) / 10

/** Ends everything with this process; Ctrl-C also removes the folder in memory. */
function endWithSignal(stop: AsyncDisposableStack): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stop.disposeAsync().finally(() => process.exit(130)))
  }
}

interface Cell {
  scenario: Scenario
  backend: Backend
}

function cellsOf({ scenarios, backends }: RunOptions): Cell[] {
  const unknown = scenarios?.find(number => SCENARIOS.every(scenario => scenario.number !== number))
  if (unknown !== undefined) throw new Error(`there is no scenario ${unknown}; --list shows them`)
  const chosen = scenarios?.flatMap(number => SCENARIOS.find(scenario => scenario.number === number) ?? []) ?? SCENARIOS
  return chosen.flatMap(scenario =>
    (scenario.backends ?? BACKENDS)
      .filter(backend => backends.includes(backend))
      .map(backend => ({ scenario, backend })),
  )
}

async function resultOf(
  machine: Machine,
  options: RunOptions,
  { scenario, backend, commit }: Cell & { commit: string },
): Promise<CellResult> {
  const began = performance.now()
  const skipped = scenario.whyNot?.() ?? (backend === 'redis' && !hasRedis() ? 'redis-server is not installed' : null)
  const describe = (results: TrialResults | null, failure?: unknown): CellResult => {
    const broken = {
      kind: 'unexpected' as const,
      subject: 'deployment',
      detail: failure instanceof Error ? `${failure.stack}` : `${failure}`,
    }
    const violations = [...(results?.violations ?? []), ...(failure === undefined ? [] : [broken])]
    const figures = results?.figures ?? []
    return {
      number: scenario.number,
      name: scenario.name,
      fault: scenario.fault,
      expected: scenario.expected,
      backend,
      commit,
      trials: results?.trials ?? 0,
      assets: results?.assets ?? 0,
      counts: countsOf(violations),
      violations,
      figure: { meaning: scenario.figure, median: median(figures), worst: worst(figures) },
      notes: Object.fromEntries(results?.notes ?? []),
      statuses: Object.fromEntries(results?.statuses ?? []),
      seconds: secondsSince(began),
      skipped,
    }
  }
  if (skipped !== null) return describe(null)
  try {
    return describe(await runCell(machine, { ...options, scenario, backend, settleMs: settleMs(options) }))
  } catch (error) {
    return describe(null, error)
  }
}

function countsOf(violations: CellResult['violations']): CellResult['counts'] {
  const counts: CellResult['counts'] = {}
  for (const { kind } of violations) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

const GB = 1024 ** 3

const describeMachine = (): Results['machine'] => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / GB),
  node: process.version,
  os: `${type()} ${release()}`,
})
