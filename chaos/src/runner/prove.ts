import { type Options, SABOTAGES, type Sabotage } from '../options.ts'
import { progressOnStderr } from '../report/progress.ts'
import { type CellResult, isRed } from '../report/results.ts'
import { runAll } from './run-all.ts'

/** Scenarios that meet what the defence is against: on each backend one of them has to notice that it is gone. */
const NOTICED_BY: Record<Sabotage, readonly number[]> = {
  fence: [33, 12],
  reconciler: [5, 16],
  dedupe: [39],
}

const TRIALS = 10

/** Proves that the harness finds faults: switches off each defence in turn. @returns whether each was noticed */
export async function prove(options: Options): Promise<boolean> {
  const sabotages = options.sabotage === null ? SABOTAGES : [options.sabotage]
  const unnoticed: string[] = []
  for (const sabotage of sabotages) {
    const trials = Math.min(options.trials, TRIALS)
    const { cells } = await runAll(
      { ...options, sabotage, scenarios: [...NOTICED_BY[sabotage]], trials },
      progressOnStderr,
    )
    for (const cell of cells) console.log(`${sabotage} switched off, ${describe(cell)}`)
    const blind = options.backends.filter(backend => !cells.some(cell => cell.backend === backend && isRed(cell)))
    unnoticed.push(...blind.map(backend => `${sabotage} on ${backend}`))
  }
  console.log(unnoticed.length === 0 ? 'every sabotage was noticed' : `NOT NOTICED: ${unnoticed.join(', ')}`)
  return unnoticed.length === 0
}

const MAX_DETAIL = 200

function describe({ number, backend, violations: [first] }: CellResult): string {
  const what = first ? `red, ${first.kind}: ${first.subject}: ${first.detail.slice(0, MAX_DETAIL)}` : 'green'
  return `scenario ${number} on ${backend}: ${what}`
}
