import { Option } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { proofReport } from '../doctor/proof-report.ts'
import { countsOf, report } from '../doctor/report.ts'
import { type DoctorOptions, type GroupResults, runDoctor } from '../doctor/run-doctor.ts'
import { EXIT } from '../exit-codes.ts'
import { commandWithJson } from '../output.ts'
import { dataFolderOf } from '../start/data-folder.ts'
import type { Env } from '../start/embedded.ts'
import { runningEnv, withRunning } from '../start/embedded-env.ts'

interface Options {
  json?: true
  fix?: true
  for: DoctorOptions['role']
  origin?: string[]
  only?: string[]
  proveB2?: true
}

/** Creates the command that checks what an installation rests on, out of its environment variables. */
export const doctorCommand = () =>
  commandWithJson('doctor', { description: '', example: 'doctor --fix' })
    .option('--fix', 'repair what can be repaired without loss: CORS and lifecycle rules, and a Redis that forgets')
    .addOption(
      new Option('--for <process>', 'check the key of an API, which may neither list nor delete, or of all processes')
        .choices(['api', 'all'])
        .default('all'),
    )
    .option('--origin <origin...>', 'origins of pages that upload, besides CORS_ORIGINS and PUBLIC_URL')
    .option('--only <area...>', 'run these checks alone, with what they need: cors, or cors.etag')
    .option('--prove-b2', 'print a report on what the documentation says of B2 without a proof, to send to us')
    .action(examine)

async function examine({ json, fix, origin = [], only, proveB2, for: role }: Options): Promise<void> {
  const running = await runningEnv(dataFolderOf(process.env))
  const env = withRunning(process.env, running)
  const isStarted = Object.keys(running).length > 0
  const options = { env, role, origins: origin, isStarted, repairs: fix === true }
  const groups = await runDoctor({ ...options, ...(only && { only }) })
  if (proveB2) console.log(proofReport(groups, { endpoint: endpointOf(env) }, aliasesOf(env)))
  else console.log(json ? JSON.stringify(asJson(groups), null, 2) : report(groups))
  const { fault } = countsOf(groups.flatMap(({ results }) => results))
  process.exitCode = fault > 0 ? EXIT.failed : EXIT.ok
}

const asJson = (groups: GroupResults[]) => ({
  version: packageJson.version,
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  counts: countsOf(groups.flatMap(({ results }) => results)),
  groups,
})

const endpointOf = ({ B2_ENDPOINT, B2_REGION }: Env): string =>
  B2_ENDPOINT || (B2_REGION ? `https://s3.${B2_REGION}.backblazeb2.com` : 'the store')

const aliasesOf = (env: Env) =>
  [
    [env.B2_BUCKET_NAME ?? '', '<private bucket>'],
    [env.B2_PUBLIC_BUCKET_NAME ?? '', '<public bucket>'],
    [env.B2_KEY_ID ?? '', '<key>'],
    [env.B2_PUBLIC_KEY_ID ?? '', '<key>'],
  ] as const
