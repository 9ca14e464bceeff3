import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bench } from './bench.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { say } from './progress.ts'
import { reportText } from './report/text.ts'
import { writeResults } from './report/write.ts'

async function run(options: Options): Promise<void> {
  const running = new AsyncDisposableStack()
  const tempDir = await mkdtemp(join(tmpdir(), 'darkroom-bench-'))
  running.defer(() => rm(tempDir, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void running.disposeAsync().finally(() => process.exit(130)))
  }
  try {
    const results = await bench(options, tempDir, running)
    const files = await writeResults(results, options.jsonFile)
    console.log(reportText(results))
    say(`written: ${files.join(', ')}`)
  } finally {
    await running.disposeAsync()
  }
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options) await run(options)
  else console.log(USAGE)
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
