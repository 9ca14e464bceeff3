import type { Usage, UsageReconciled } from '@darkroom/contracts'
import { Command } from 'commander'
import prettyBytes from 'pretty-bytes'
import { projectByName } from '../find-project.ts'
import { commandWithJson, print } from '../output.ts'
import { connectSdk } from '../sdk-client.ts'
import { table } from '../table.ts'

type Json = { json?: true }

export const usageCommand = () =>
  new Command('usage')
    .addCommand(
      commandWithJson('show', {
        description: 'show storage usage and quota of a project',
        example: 'usage show --project shop',
      })
        .option('--project <name>', 'project, for operators; default: the project of the key')
        .action(show),
    )
    .addCommand(
      commandWithJson('reconcile', {
        description: 'recalculate the usage from the database and correct it; a worker does this daily',
        example: 'usage reconcile',
      }).action(reconcile),
    )

async function show({ project, ...options }: Json & { project?: string }): Promise<void> {
  const { darkroom } = await connectSdk()
  const usage =
    project === undefined
      ? await darkroom.usage.get()
      : await darkroom.admin.projects.usage((await projectByName(darkroom, project)).id)
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
  const { darkroom } = await connectSdk()
  const { corrections } = await darkroom.admin.reconcileUsage()
  print(options, corrections, () => describeCorrections(corrections))
}

function describeCorrections(corrections: UsageReconciled['corrections']): string {
  if (corrections.length === 0) return 'The usage of all projects is correct.'
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
