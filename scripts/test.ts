import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { addTotals, NO_TESTS, Report, summaryOf, type Totals, totalsOf } from './test-totals.ts'

// `npm test`: everything, in the order in which a failure is cheapest to find. Stops at the first stage that fails.

interface Stage {
  name: string
  run(): Totals
}

const ROOT = join(import.meta.dirname, '..')
const BIN = join(ROOT, 'node_modules/.bin')
/** Hundreds of processes load the same modules: compiled once is enough. */
const COMPILED = join(ROOT, 'node_modules/.cache/node')
const FAILED: Totals = { ...NO_TESTS, failed: 1 }

const STAGES: Stage[] = [
  { name: 'static checks', run: runStaticChecks },
  { name: 'unit', run: () => runTests('unit') },
  // Together, because either waits more than it works.
  { name: 'integration and e2e', run: () => runTests('integration', 'e2e') },
]

const reports = mkdtempSync(join(tmpdir(), 'darkroom-test-'))
// Ctrl-C reaches the running stage too; we end when it has.
process.on('SIGINT', () => undefined)
process.exitCode = conclude(runStages())

function runStages(): Totals {
  let totals = NO_TESTS
  for (const [index, stage] of STAGES.entries()) {
    totals = addTotals(totals, stage.run())
    if (totals.failed === 0) continue
    const left = STAGES.slice(index + 1).map(({ name }) => name)
    console.error(`\n${stage.name} failed${left.length > 0 ? `; not run: ${left.join(', ')}` : ''}`)
    break
  }
  return totals
}

function runStaticChecks(): Totals {
  const isOk = spawn('turbo', ['run', 'lint', 'types', 'unused', '--output-logs=errors-only'])
  return isOk ? NO_TESTS : FAILED
}

function runTests(...projects: string[]): Totals {
  const outputFile = join(reports, `${projects.join('-')}.json`)
  const chosen = projects.flatMap(project => ['--project', project])
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`]
  const isOk = spawn('vitest', ['run', ...chosen, ...reporters])
  const totals = existsSync(outputFile)
    ? totalsOf(Report.parse(JSON.parse(readFileSync(outputFile, 'utf8'))), ROOT)
    : NO_TESTS
  // Nothing ran, an unhandled error, a teardown that failed: red without a test that is.
  return isOk || totals.failed > 0 ? totals : addTotals(totals, FAILED)
}

function spawn(program: string, args: string[]): boolean {
  const PATH = `${BIN}${delimiter}${process.env.PATH}`
  const env = { ...process.env, PATH, TURBO_TELEMETRY_DISABLED: '1', NODE_COMPILE_CACHE: COMPILED }
  return spawnSync(join(BIN, program), args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0
}

function conclude(totals: Totals): number {
  rmSync(reports, { recursive: true, force: true })
  for (const name of totals.skipped) console.log(`skipped: ${name}`)
  console.log(summaryOf(totals))
  return totals.failed > 0 || totals.passed === 0 ? 1 : 0
}
