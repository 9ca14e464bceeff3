import { type Options, SABOTAGES, type Sabotage } from '../options.ts'
import { progressOnStderr } from '../report/progress.ts'
import { isRed } from '../report/results.ts'
import { runAll } from './run-all.ts'

/** Scenarios that cannot stay green without the defence. */
const NOTICED_BY: Record<Sabotage, readonly number[]> = {
  fence: [12],
  reconciler: [5, 16],
  dedupe: [39],
}

const TRIALS = 5

/** A harness that never fails proves nothing: switches each defence off in turn. @returns whether every scenario noticed */
export async function prove(options: Options): Promise<boolean> {
  const unnoticed: string[] = []
  for (const sabotage of SABOTAGES) {
    const results = await runAll(
      { ...options, sabotage, scenarios: [...NOTICED_BY[sabotage]], trials: Math.min(options.trials, TRIALS) },
      progressOnStderr,
    )
    for (const cell of results.cells) {
      const [first] = cell.violations
      const line = `${sabotage} switched off, scenario ${cell.number} on ${cell.backend}`
      console.log(
        first
          ? `red, as it must: ${line}: ${first.kind}: ${first.subject}: ${first.detail.slice(0, 200)}`
          : `GREEN: ${line}`,
      )
      if (!isRed(cell)) unnoticed.push(line)
    }
  }
  console.log(unnoticed.length === 0 ? 'every sabotage was noticed' : `not noticed: ${unnoticed.join('; ')}`)
  return unnoticed.length === 0
}
