import type { Usage, UsageReconciled } from '@darkroom/contracts'
import { Command } from 'commander'
import prettyBytes from 'pretty-bytes'
import { createAdminClient } from '../admin-client.ts'
import { commandWithJson, print } from '../output.ts'
import { projectNamed } from '../project-named.ts'
import { table } from '../table.ts'

type Json = { json?: true }

export const usageCommand = () =>
  new Command('usage')
    .addCommand(
      commandWithJson('show', {
        description: 'what a project has stored, and what it may',
        example: 'usage show --project shop',
      })
        .option('--project <name>', 'of this project; for operators. Without it, the project of the key')
        .action(show),
    )
    .addCommand(
      commandWithJson('reconcile', {
        description: 'count from the rows, and correct what was counted on the way; a worker does it daily',
        example: 'usage reconcile',
      }).action(reconcile),
    )

async function show({ project, ...options }: Json & { project?: string }): Promise<void> {
  const client = createAdminClient()
  const path = project === undefined ? '/v1' : `/v1/admin/projects/${(await projectNamed(client, project)).id}`
  const usage = await client.get<Usage>(`${path}/usage`)
  print(options, usage, () => describeUsage(usage))
}

function describeUsage({ bytes, objects, openUploads, jobs, quota }: Usage): string {
  const left = quota.remainingBytes === null ? 'no quota' : `${prettyBytes(quota.remainingBytes)} left`
  return [
    `stored   ${prettyBytes(bytes)} in ${objects} objects, ${left}`,
    `uploads  ${openUploads.count} open, of ${prettyBytes(openUploads.bytes)}`,
    `jobs     ${jobs.queued} queued, ${jobs.running} running`,
  ].join('\n')
}

async function reconcile(options: Json): Promise<void> {
  const { corrections } = await createAdminClient().post<UsageReconciled>('/v1/admin/usage/reconcile')
  print(options, corrections, () => describeCorrections(corrections))
}

function describeCorrections(corrections: UsageReconciled['corrections']): string {
  if (corrections.length === 0) return 'What was counted is what is there.'
  const signed = (amount: number) => (amount > 0 ? `+${amount}` : String(amount))
  const rows = corrections.map(({ projectId, bytes, objects, openBytes, openUploads }) => [
    projectId,
    prettyBytes(bytes, { signed: true }),
    signed(objects),
    prettyBytes(openBytes, { signed: true }),
    signed(openUploads),
  ])
  return `${table(['PROJECT', 'BYTES', 'OBJECTS', 'OPEN BYTES', 'OPEN UPLOADS'], rows)}\nCorrected.`
}
