import type { Schemas } from '@darkroom/sdk'
import { Command } from 'commander'
import { commandWithJson, moment, print } from '../output.ts'
import { connectSdk, given } from '../sdk-client.ts'
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
  for (const action of ['pause', 'resume', 'cancel'] as const)
    backfills.addCommand(
      commandWithJson(action, { description: ACTIONS[action], example: `backfills ${action} ${EXAMPLE_ID}` })
        .argument('<id>')
        .action((id: string, options: Json) => change(id, action, options)),
    )
  return backfills
}

const EXAMPLE_ID = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6001'

type Action = 'pause' | 'resume' | 'cancel'

const ACTIONS: Record<Action, string> = {
  pause: 'create no more jobs for now',
  resume: 'continue where it stopped, also after a failed canary',
  cancel: 'cancel it permanently; finished assets keep the new version',
}

const COLUMNS = [
  ...['ID', 'STATUS', { title: 'PRESET', drop: 4 }, 'DONE', { title: 'OK', drop: 2 }, { title: 'FAILED', drop: 3 }],
  ...[
    { title: 'MADE', drop: 1 },
    { title: 'REASON', clip: true as const, drop: 5 },
  ],
]

async function list({ limit, cursor, ...options }: Json & { limit: string; cursor?: string }): Promise<void> {
  const { darkroom } = await connectSdk()
  const page = await darkroom.backfills.list(given({ limit: Number(limit), cursor }))
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
  const { darkroom } = await connectSdk()
  const { backfill } = await darkroom.backfills.get(id)
  print(options, backfill, () => describeBackfill(backfill))
}

async function change(id: string, action: Action, options: Json): Promise<void> {
  const { darkroom } = await connectSdk()
  const { backfill } = await darkroom.backfills[action](id)
  print(options, backfill, () => describeBackfill(backfill))
}

const counted = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')

/** Describes a backfill in one line. */
export function describeBackfill(backfill: Schemas['Backfill']): string {
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
