import type { Takedown, TakedownPage } from '@darkroom/contracts'
import { Command } from 'commander'
import { createAdminClient } from '../admin-client.ts'
import { commandWithJson, moment, print } from '../output.ts'
import { table } from '../table.ts'

type Json = { json?: true }

export const takedownsCommand = () =>
  new Command('takedowns')
    .addCommand(
      commandWithJson('list', {
        description: 'list them, the newest first, with those that were lifted',
        example: 'takedowns list',
      })
        .option('--project <id>', 'of one project; an operator sees all')
        .option('--sha256 <hash>', 'that refuse this content')
        .option('--cursor <cursor>', 'where the last page ended')
        .action(list),
    )
    .addCommand(
      commandWithJson('lift', {
        description: 'let the same bytes in again; operators only',
        example: 'takedowns lift 019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6001 --reason "Wrong file"',
      })
        .argument('<id>')
        .requiredOption('--reason <text>', 'why, for the others')
        .action(lift),
    )

const COLUMNS = [
  ...['ID', { title: 'PROJECT', drop: 2 }, { title: 'SHA-256', drop: 3 }, { title: 'SINCE', drop: 1 }],
  ...[
    { title: 'STATE', drop: 4 },
    { title: 'REASON', clip: true as const },
  ],
]

async function list(options: Json & { project?: string; sha256?: string; cursor?: string }): Promise<void> {
  const query = { projectId: options.project, sha256: options.sha256, cursor: options.cursor, limit: 200 }
  const page = await createAdminClient().get<TakedownPage>('/v1/admin/takedowns', query)
  print(options, page, () => {
    if (page.items.length === 0) return 'Nothing was taken down.'
    const rows = page.items.map(item => [
      item.id,
      item.everywhere ? 'all projects' : item.projectId,
      item.sha256 ?? 'never read',
      moment(item.createdAt),
      item.lifted ? `lifted ${moment(item.lifted.at)} by ${item.lifted.by}` : 'refused',
      item.lifted?.reason ?? item.reason,
    ])
    const more = page.nextCursor ? `\nThere are more: --cursor ${page.nextCursor}` : ''
    return `${table(COLUMNS, rows)}${more}`
  })
}

async function lift(id: string, { reason, ...options }: Json & { reason: string }): Promise<void> {
  const client = createAdminClient()
  const lifted = await client.delete<Takedown>(`/v1/admin/takedowns/${encodeURIComponent(id)}`, { reason })
  print(options, lifted, () => 'Lifted. The same bytes can be uploaded again, unless another takedown refuses them.')
}
