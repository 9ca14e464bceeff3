import { QUEUE_NAMES, type QueueName } from '@darkroom/contracts/jobs'
import { hasCondition } from '@darkroom/contracts/select-all'
import type { Schemas } from '@darkroom/sdk'
import { Command, Option } from 'commander'
import { CommandError, EXIT } from '../exit-codes.ts'
import { type JobFilterOptions, toJobFilter, withJobFilter } from '../job-filter.ts'
import { commandWithJson, counted, moment, print } from '../output.ts'
import { connectSdk, given } from '../sdk-client.ts'
import { table } from '../table.ts'

type AdminJob = Schemas['AdminJob']
type Json = { json?: true }
/** What can be requeued. */
const ENDED = ['failed', 'cancelled'] as const
type Ended = (typeof ENDED)[number]

type ListOptions = JobFilterOptions & Json & { queue?: QueueName; limit: string; cursor?: string }
type RequeueOptions = JobFilterOptions<Ended> & Json & { all?: true; dryRun?: boolean }

export const jobsCommand = () =>
  new Command('jobs')
    .addCommand(
      withJobFilter(
        commandWithJson('list', {
          description: 'list jobs, newest first',
          example: 'jobs list --status failed --since 1h',
        }),
      )
        .addOption(new Option('--queue <queue>', 'only jobs of this queue').choices(QUEUE_NAMES))
        .option('--limit <count>', 'maximum number of results, at most 200', '50')
        .option('--cursor <cursor>', 'cursor of the next page')
        .action(list),
    )
    .addCommand(
      commandWithJson('show', { description: 'show one job', example: `jobs show ${EXAMPLE_ID}` })
        .argument('<id>')
        .action(show),
    )
    .addCommand(
      withJobFilter(
        commandWithJson('requeue', {
          description: 'requeue failed or cancelled jobs',
          example: 'jobs requeue --code STORE_UNAVAILABLE --since 1h --dry-run',
        }),
        ENDED,
      )
        .argument('[id]', 'one job; without it, all jobs that match the options')
        .option('--all', 'all failed jobs, or all cancelled jobs with --status cancelled')
        .option('--dry-run', 'print what would be requeued, and change nothing')
        .action(requeue),
    )
    .addCommand(
      commandWithJson('cancel', {
        description: 'cancel a waiting or running job',
        example: `jobs cancel ${EXAMPLE_ID}`,
      })
        .argument('<id>')
        .action(cancel),
    )

const EXAMPLE_ID = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6001'

const COLUMNS = [
  ...['ID', 'STATUS', { title: 'NAME', drop: 4 }, { title: 'QUEUE', drop: 1 }, { title: 'ATTEMPT', drop: 2 }],
  ...[
    { title: 'QUEUED', drop: 3 },
    { title: 'CODE', clip: true as const },
    { title: 'FILE', clip: true as const, drop: 5 },
  ],
]

async function list({ queue, limit, cursor, ...options }: ListOptions): Promise<void> {
  const { darkroom } = await connectSdk()
  const query = given({ ...toJobFilter(options), queue, limit: Number(limit), cursor })
  const page = await darkroom.admin.jobs.list(query)
  print(options, page, () => {
    if (page.items.length === 0) return 'No matching jobs.'
    const rows = page.items.map(job => [
      job.id,
      job.status,
      job.name,
      job.queue,
      `${job.attempt}/${job.maxAttempts}`,
      moment(job.queuedAt),
      job.error?.code ?? '',
      job.filename ?? '',
    ])
    const more = page.nextCursor ? `\nMore results: --cursor ${page.nextCursor}` : ''
    return `${table(COLUMNS, rows)}${more}`
  })
}

async function show(id: string, options: Json): Promise<void> {
  const { darkroom } = await connectSdk()
  const { job } = await darkroom.admin.jobs.get(id)
  print(options, job, () => describe(job))
}

async function requeue(id: string | undefined, options: RequeueOptions): Promise<void> {
  if (id === undefined) return requeueMany(options)
  if (options.dryRun)
    throw new CommandError('--dry-run is only for filters. To see one job: `npx darkroom jobs show <id>`.', EXIT.usage)
  const { darkroom } = await connectSdk()
  const { job } = await darkroom.admin.jobs.requeue(id)
  print(options, job, () => `Job ${job.id} is requeued.${hint(job)}`)
}

async function requeueMany({ all, dryRun = false, ...options }: RequeueOptions): Promise<void> {
  const filter = given(toJobFilter(options))
  const { status: _, ...conditions } = filter
  if (!all && !hasCondition(conditions))
    throw new CommandError(
      'Give the id of a job, or a filter: --code, --name, --project, --since … or --all for all failed jobs.',
      EXIT.usage,
    )
  const { darkroom } = await connectSdk()
  const counts = await darkroom.admin.jobs.requeueMany({ filter, dryRun, ...given({ all }) })
  print(options, counts, () => {
    const skipped = Object.entries(counts.skipped).map(([code, jobs]) => `  skipped, ${code}: ${jobs}`)
    const matched = counted(counts.matched, 'job')
    const verb = counts.matched === 1 ? 'is' : 'are'
    const done = dryRun
      ? `${requeueable(counts)} of ${matched} would be requeued.`
      : `${counts.requeued} of ${matched} ${verb} requeued.`
    return [done, ...skipped].join('\n')
  })
}

const requeueable = ({ matched, skipped }: Schemas['JobsRequeued']): number =>
  Object.values(skipped).reduce((left, jobs) => left - jobs, matched)

async function cancel(id: string, options: Json): Promise<void> {
  const { darkroom } = await connectSdk()
  const { job } = await darkroom.admin.jobs.cancel(id)
  print(options, job, () => `Job ${job.id} is cancelled. To undo it: npx darkroom jobs requeue ${job.id}`)
}

const hint = (job: AdminJob) => (job.assetId ? ` Follow it: npx darkroom explain ${job.assetId}` : '')

function describe(job: AdminJob): string {
  const facts: [string, string | number | null][] = [
    ['job', job.id],
    ['name', job.name],
    ['status', job.stage ? `${job.status}, ${job.stage}, ${Math.round(job.progress * 100)} %` : job.status],
    ['error', job.error && `${job.error.code}: ${job.error.message}`],
    ['attempt', `${job.attempt} of ${job.maxAttempts}`],
    ['queue', `${job.queue}, lane ${job.lane}`],
    ['file', job.filename],
    ['asset', job.assetId],
    ['project', job.projectId],
    ['request', job.requestId],
    ['queued', moment(job.queuedAt)],
    ['due', job.status === 'queued' ? moment(job.availableAt) : null],
    ['dispatched', moment(job.dispatchedAt)],
    ['started', moment(job.startedAt)],
    ['lease until', moment(job.leaseUntil)],
    ['finished', moment(job.finishedAt)],
  ]
  const lines = facts.flatMap(([name, value]) => (value ? `${name.padEnd(12)} ${value}` : []))
  return job.assetId ? [...lines, '', `Why: npx darkroom explain ${job.assetId}`].join('\n') : lines.join('\n')
}
