import { JOB_NAMES, JOB_STATUSES, type JobName, type JobStatus } from '@darkroom/contracts/jobs'
import { type Command, InvalidArgumentError, Option } from 'commander'

/** The options by which jobs are chosen. */
export interface JobFilterOptions<Status extends JobStatus = JobStatus> {
  status?: Status
  code?: string
  name?: JobName
  project?: string
  asset?: string
  since?: Date
  before?: Date
}

/** Adds the options of `JobFilterOptions` to a command. */
export const withJobFilter = (command: Command, statuses: readonly JobStatus[] = JOB_STATUSES): Command =>
  command
    .addOption(new Option('--status <status>', 'only jobs in this state').choices(statuses))
    .option('--code <code>', 'error code of failed jobs, for example STORE_UNAVAILABLE')
    .addOption(new Option('--name <name>', 'only jobs of this kind').choices(JOB_NAMES))
    .option('--project <id>', 'only this project; operators see all projects by default')
    .option('--asset <id>', 'only this asset')
    .option(
      '--since <time>',
      'only created since then: 30m, 1h, 2d, or a time such as 2026-03-01T12:00:00Z',
      parseMoment,
    )
    .option('--before <time>', 'only created before then, in the format of --since', parseMoment)

/** Converts the options of the command to the query of the API. */
export const toJobFilter = <Status extends JobStatus>({
  project,
  asset,
  since,
  before,
  ...same
}: JobFilterOptions<Status>) => ({
  status: same.status,
  code: same.code,
  name: same.name,
  projectId: project,
  assetId: asset,
  createdAfter: since?.toISOString(),
  createdBefore: before?.toISOString(),
})

const UNIT_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Parses a time, or a duration before now such as `30m`. @throws CommandError for anything else */
export function parseMoment(text: string): Date {
  const [, number, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? []
  const moment = number ? new Date(Date.now() - Number(number) * (UNIT_MS[unit] ?? 0)) : new Date(text)
  if (Number.isNaN(moment.getTime()))
    throw new InvalidArgumentError('Use 30m, 1h, 2d or a time such as 2026-03-01T12:00:00Z.')
  return moment
}
