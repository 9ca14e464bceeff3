import { isAppError, parseConfig } from '@darkroom/core'
import {
  noSecrets,
  PROVISION_PARTS,
  ProvisionConfig,
  type ProvisionInput,
  type ProvisionPart,
  type ProvisionPlan,
  UPLOAD_DAYS,
  withProvisionPlan,
} from '@darkroom/storage'
import { Argument, InvalidArgumentError } from 'commander'
import { CommandError, EXIT, type ExitCode } from '../exit-codes.ts'
import { commandWithJson, print } from '../output.ts'
import { describePlan, describeResult, describeShort } from '../provision/describe-plan.ts'
import { eventsUrl, pageOrigins } from '../provision/installation.ts'
import { dataFolderOf } from '../start/data-folder.ts'
import { runningEnv, withRunning } from '../start/embedded-env.ts'

interface Options {
  origin?: string[]
  eventsUrl?: string
  hiddenDays: number
  apply?: true
  replace?: true
  newKeys?: true
  json?: true
}

/** Keys only when they are asked for: a key that may create keys may do everything. */
const DEFAULT_PARTS = PROVISION_PARTS.filter(part => part !== 'keys')

/** Sets up the buckets with a key that may change them (B2_KEY_ID, B2_APPLICATION_KEY); servers do not need that key. */
export const provisionCommand = () =>
  commandWithJson('provision', {
    description: 'compare the buckets of B2_* with what Darkroom needs, and set them up with --apply',
    example: 'provision --origin https://app.example.com --apply',
  })
    .addArgument(
      new Argument('[parts...]', 'what to set up; all but keys, if none is named')
        .choices(PROVISION_PARTS)
        .default(DEFAULT_PARTS, DEFAULT_PARTS.join(' ')),
    )
    .option('--origin <origin...>', 'pages that upload and show files; default: PUBLIC_URL and CORS_ORIGINS')
    .option('--events-url <url>', 'where B2 sends events of uploads; default: /v1/hooks/b2 of PUBLIC_URL')
    .option('--hidden-days <days>', 'days until hidden and replaced versions are deleted', readDays, UPLOAD_DAYS)
    .option('--replace', 'replace settings of others that conflict with these')
    .option('--new-keys', 'make keys even if some of their name exist, as when a secret was lost')
    .option('--apply', 'make the changes; without it, they are only printed')
    .action((parts: ProvisionPart[], options: Options) => provision(parts, options).catch(explain))

async function provision(parts: ProvisionPart[], options: Options): Promise<void> {
  const env = withRunning(process.env, await runningEnv(dataFolderOf(process.env)))
  const url = eventsUrl(options.eventsUrl, env)
  const input: ProvisionInput = {
    settings: parseConfig(ProvisionConfig, env),
    backupBucket: env.BACKUP_BUCKET?.trim() || null,
    parts,
    origins: options.origin ?? pageOrigins(env),
    hiddenDays: options.hiddenDays,
    events: url === null ? null : { url, secret: env.B2_EVENT_SECRET || null },
    replace: options.replace ?? false,
    renewKeys: options.newKeys ?? false,
  }
  const notes = notesOn(input)
  await withProvisionPlan(input, async plan => {
    if (options.apply && plan.planned.length > 0) await apply(plan, input, { notes, json: options.json ?? false })
    else print(options, describeJson(plan, notes), () => describePlan(plan, notes))
  })
}

/** Makes the changes, and looks once more whether the store now answers what it was told. */
async function apply(
  plan: ProvisionPlan,
  input: ProvisionInput,
  { notes, json }: { notes: string[]; json: boolean },
): Promise<void> {
  if (!json) console.log(`${describePlan(plan, notes)}\n`)
  const result = noSecrets()
  const show = (isDone: boolean) =>
    print({ json }, { ...describeJson(plan, notes), applied: isDone, ...result }, () => describeResult(result, isDone))
  try {
    await plan.apply(result)
  } catch (error) {
    if (result.keys.length > 0 || result.eventSecret !== null) show(false)
    throw error
  }
  show(true)
  const left = await withProvisionPlan({ ...input, renewKeys: false }, async again => again.planned)
  if (left.length > 0)
    throw new CommandError(`The store took the changes, but answers otherwise:\n${left.map(describeShort).join('\n')}`)
}

const describeJson = ({ api, planned, kept }: ProvisionPlan, notes: string[]) => ({ api, planned, kept, notes })

/** Says which parts were asked for and cannot be planned. */
function notesOn({ parts, origins, events }: ProvisionInput): string[] {
  const notes: string[] = []
  if (parts.includes('cors') && origins.length === 0)
    notes.push('cors: no page is known; set PUBLIC_URL and CORS_ORIGINS, or --origin')
  if (parts.includes('events') && events === null)
    notes.push('events: no address of the API is known; set PUBLIC_URL, or --events-url')
  return notes
}

function readDays(text: string): number {
  const days = Number(text)
  if (Number.isInteger(days) && days >= 1 && days <= 36_500) return days
  throw new InvalidArgumentError('Expected days, 1 or more.')
}

/** What a script can act on, of the errors of a store. */
const EXITS: Record<string, ExitCode> = {
  STORE_CREDENTIALS: EXIT.unauthorized,
  STORE_UNAVAILABLE: EXIT.unreachable,
  INVALID_REQUEST: EXIT.usage,
}

function explain(error: unknown): never {
  if (!isAppError(error)) throw error
  const exitCode = EXITS[error.code]
  throw exitCode === undefined ? error : new CommandError(error.message, exitCode, { cause: error })
}
