import type { Progress } from '../runner/run-all.ts'
import { verdictOf } from './columns.ts'

const clock = () => new Date().toTimeString().slice(0, 8)

/** One line on stderr when a scenario begins and one when it ends. */
export const progressOnStderr: Progress = {
  begin: (scenario, backend) => console.error(`${clock()} ${scenario.number} ${backend}: ${scenario.name}`),
  end: cell => {
    const { number, backend, trials, seconds, violations, skipped } = cell
    const why = skipped ?? violations[0]?.detail.slice(0, 160) ?? ''
    console.error(`${clock()} ${number} ${backend}: ${verdictOf(cell)}, ${trials} trials in ${seconds} s ${why}`)
  },
}
