import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { flakyTests } from './flaky-tests.ts'
import { Report } from './test-totals.ts'

// `npm run test:flaky -- [--runs 5] [--busy 2] [vitest's arguments]`: the tests again and again beside loops that keep so
// many cores busy, without second tries; says which failed, and how often. Fails when one did.

const ROOT = join(import.meta.dirname, '..')
const { values, positionals } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    busy: { type: 'string', default: '2' },
    project: { type: 'string', multiple: true, default: ['integration', 'e2e'] },
  },
  allowPositionals: true,
})
const folder = mkdtempSync(join(tmpdir(), 'darkroom-flaky-'))
// Threads, so that they end with this process however it ends.
const loops = Array.from({ length: Number(values.busy) }, () => new Worker('for (;;);', { eval: true }))
const reports = Array.from({ length: Number(values.runs) }, (_, index) => runOnce(index + 1))
for (const loop of loops) loop.terminate()
rmSync(folder, { recursive: true, force: true })

const flaky = flakyTests(reports, ROOT)
for (const { name, failed, runs } of flaky) console.log(`failed ${failed} of ${runs}: ${name}`)
if (flaky.length === 0) console.log(`no test failed in ${reports.length} runs`)
process.exitCode = flaky.length === 0 ? 0 : 1

function runOnce(number: number): ReturnType<typeof Report.parse> {
  const outputFile = join(folder, `${number}.json`)
  const projects = values.project.flatMap(name => ['--project', name])
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${outputFile}`]
  // Only CI gives a second try.
  const { CI: _, ...env } = process.env
  console.log(`run ${number} of ${values.runs}`)
  spawnSync(join(ROOT, 'node_modules/.bin/vitest'), ['run', ...projects, ...reporters, ...positionals], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'] as const,
    env,
  })
  if (!existsSync(outputFile)) throw new Error(`run ${number} ended without a report`)
  return Report.parse(JSON.parse(readFileSync(outputFile, 'utf8')))
}
