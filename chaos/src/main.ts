import { readOptions, USAGE } from './options.ts'
import { runMode } from './runner/run-mode.ts'

try {
  const options = readOptions(process.argv.slice(2))
  if (!options) console.log(USAGE)
  else if (!(await runMode(options))) process.exitCode = 1
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
