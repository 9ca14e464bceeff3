import { startMachine } from '../deployment/machine.ts'
import { readProofOptions, USAGE } from './options.ts'
import { proveBackfill } from './prove-backfill.ts'
import { proofText } from './report.ts'

// A preset version is applied to a library while everything is killed again and again: does every asset get it once?

const options = readProofOptions(process.argv.slice(2))
if (!options) console.log(USAGE)
else {
  console.error(`seed ${options.seed}`)
  await using opened = new AsyncDisposableStack()
  const machine = await startMachine()
  opened.defer(() => machine.close())
  const proof = await proveBackfill(machine, options, line => console.error(line))
  console.log(proofText(proof))
  if (proof.violations.length > 0) process.exitCode = 1
}
