import type { Options } from '../options.ts'
import { progressOnStderr } from '../report/progress.ts'
import { isRed } from '../report/results.ts'
import { reportText } from '../report/text.ts'
import { writeResults } from '../report/write.ts'
import { SCENARIOS } from '../scenarios/index.ts'
import { prove } from './prove.ts'
import { runAll } from './run-all.ts'

/** @returns whether it went as it should */
export async function runMode(options: Options): Promise<boolean> {
  switch (options.mode) {
    case 'list':
      for (const { number, name, fault } of SCENARIOS) console.log(`${number}  ${name}: ${fault}`)
      return true
    case 'prove':
      return prove(options)
    case 'run': {
      console.error(`seed ${options.seed}`)
      const results = await runAll(options, progressOnStderr)
      console.log(reportText(results))
      for (const file of await writeResults(results, options)) console.error(`written: ${file}`)
      return results.cells.every(cell => !isRed(cell))
    }
  }
}
