import { readOptions } from './options.ts'
import { reportOf, violationText } from './report.ts'
import { run } from './run.ts'

// `npm run fuzz`: requests of every operation, made from the OpenAPI document, and each answer held against it.

const options = readOptions(process.argv.slice(2))
const say = (text: string) => process.stderr.write(`${text}\n`)
// Before anything else loads postgres.js, which it patches.
await import('@darkroom/db/client')
const { default: startPostgres } = await import('@darkroom/testing/global-setup')
const { openSetting } = await import('./setting.ts')
const stopPostgres = await startPostgres()
try {
  const setting = await openSetting()
  const result = await run(setting, {
    ...options,
    onViolation: violation => say(violationText(violation)),
    onRound: ({ requests, violations }) => say(`${requests} of ${options.requests} requests, ${violations} violations`),
  })
  console.log(reportOf(result))
  if (result.violations.length > 0) process.exitCode = 1
  await setting.close()
} finally {
  await stopPostgres()
}
