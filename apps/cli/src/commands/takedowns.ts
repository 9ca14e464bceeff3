import { Command } from 'commander'
import { commandWithJson, moment, print } from '../output.ts'
import { connectSdk, given } from '../sdk-client.ts'
import { table } from '../table.ts'

type Json = { json?: true }

export const takedownsCommand = () =>
  new Command('takedowns')
    .addCommand(
      commandWithJson('list', {
        description: 'list takedowns, newest first, including lifted ones',
        example: 'takedowns list',
      })
        .option('--project <id>', 'only this project; operators see all projects by default')
        .option('--sha256 <hash>', 'only takedowns that refuse this file (SHA-256)')
        .option('--cursor <cursor>', 'cursor of the next page')
        .action(list),
    )
    .addCommand(
      commandWithJson('lift', {
        description: 'lift a takedown, so that the same file is accepted again; operators only',
        example: 'takedowns lift 019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6001 --reason "Wrong file"',
      })
        .argument('<id>')
        .requiredOption('--reason <text>', 'reason, shown to other operators')
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
  const { darkroom } = await connectSdk()
  const { project: projectId, sha256, cursor } = options
  const page = await darkroom.admin.takedowns.list(given({ projectId, sha256, cursor, limit: 200 }))
  print(options, page, () => {
    if (page.items.length === 0) return 'No takedowns.'
    const rows = page.items.map(item => [
      item.id,
      item.everywhere ? 'all projects' : item.projectId,
      item.sha256 ?? 'unknown',
      moment(item.createdAt),
      item.lifted ? `lifted ${moment(item.lifted.at)} by ${item.lifted.by}` : 'refused',
      item.lifted?.reason ?? item.reason,
    ])
    const more = page.nextCursor ? `\nMore results: --cursor ${page.nextCursor}` : ''
    return `${table(COLUMNS, rows)}${more}`
  })
}

async function lift(id: string, { reason, ...options }: Json & { reason: string }): Promise<void> {
  const { darkroom } = await connectSdk()
  const lifted = await darkroom.admin.takedowns.lift(id, { reason })
  print(options, lifted, () => 'Lifted. The same file can be uploaded again, unless another takedown refuses it.')
}
