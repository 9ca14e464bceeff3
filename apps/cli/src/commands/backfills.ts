import type { Backfill, BackfillPage } from '@darkroom/contracts'
import { Command } from 'commander'
import { createAdminClient } from '../admin-client.ts'
import { commandWithJson, moment, print } from '../output.ts'
import { table } from '../table.ts'

type Json = { json?: true }

export const backfillsCommand = () => {
  const backfills = new Command('backfills')
    .addCommand(
      commandWithJson('list', { description: 'list backfills, newest first', example: 'backfills list --limit 5' })
        .option('--limit <count>', 'maximum number of results, at most 200', '20')
        .option('--cursor <cursor>', 'cursor of the next page')
        .action(list),
    )
    .addCommand(
      commandWithJson('show', { description: 'show one backfill', example: `backfills show ${EXAMPLE_ID}` })
        .argument('<id>')
        .action(show),
    )
  for (const [action, description] of Object.entries(ACTIONS))
    backfills.addCommand(
      commandWithJson(action, { description, example: `backfills ${action} ${EXAMPLE_ID}` })
        .argument('<id>')
        .action((id: string, options: Json) => change(id, action, options)),
    )
  return backfills
}

const EXAMPLE_ID = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6001'

const ACTIONS = {
  pause: 'create no more jobs for now',
  resume: 'continue where it stopped, also after a failed canary',
  cancel: 'cancel it permanently; finished assets keep the new version',
}

const pathOf = (id: string) => `/v1/backfills/${encodeURIComponent(id)}`

const COLUMNS = [
  ...['ID', 'STATUS', { title: 'PRESET', drop: 4 }, 'DONE', { title: 'OK', drop: 2 }, { title: 'FAILED', drop: 3 }],
  ...[
    { title: 'MADE', drop: 1 },
    { title: 'REASON', clip: true as const, drop: 5 },
  ],
]

async function list({ limit, cursor, ...options }: Json & { limit: string; cursor?: string }): Promise<void> {
  const page = await createAdminClient().get<BackfillPage>('/v1/backfills', { limit, cursor })
  print(options, page, () => {
    if (page.items.length === 0) return 'No backfills.'
    const rows = page.items.map(each => [
      each.id,
      each.status,
      `${each.preset.name}@${each.preset.version}`,
      `${Math.floor(each.progress * 100)} %`,
      each.succeeded,
      each.partial + each.failed,
      moment(each.createdAt),
      each.reason ?? '',
    ])
    const more = page.nextCursor ? `\nMore results: --cursor ${page.nextCursor}` : ''
    return `${table(COLUMNS, rows)}${more}`
  })
}

async function show(id: string, options: Json): Promise<void> {
  const { backfill } = await createAdminClient().get<{ backfill: Backfill }>(pathOf(id))
  print(options, backfill, () => describeBackfill(backfill))
}

async function change(id: string, action: string, options: Json): Promise<void> {
  const { backfill } = await createAdminClient().post<{ backfill: Backfill }>(`${pathOf(id)}/${action}`)
  print(options, backfill, () => describeBackfill(backfill))
}

const counted = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')

/** Describes a backfill in one line. */
export function describeBackfill(backfill: Backfill): string {
  const { id, preset, status, phase, canary, reason, progress, total, started, active, skipped, failures } = backfill
  const inCanary = status === 'running' && phase === 'canary' ? `, the canary of ${canary} first` : ''
  const lines = [
    `Backfill ${id} to ${preset.name}@${preset.version} is ${status}${inCanary}: ${Math.floor(progress * 100)} % of ${total} assets.`,
    `  jobs     ${started} created, ${active} active, ${backfill.succeeded} succeeded, ${backfill.partial} partial, ${backfill.failed} failed, ${backfill.cancelled} cancelled`,
  ]
  if (reason) lines.push(`  why      ${reason}`)
  if (Object.keys(skipped).length > 0) lines.push(`  skipped  ${counted(skipped)}`)
  if (Object.keys(failures).length > 0) lines.push(`  failures ${counted(failures)}`)
  return lines.join('\n')
}
