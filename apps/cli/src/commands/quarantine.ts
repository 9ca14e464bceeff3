import { Command } from 'commander'
import { commandWithJson, moment, print } from '../output.ts'
import { connectSdk, given } from '../sdk-client.ts'
import { table } from '../table.ts'

type Json = { json?: true }
type AddOptions = Json & { reason: string; project?: string; allProjects?: boolean }

export const quarantineCommand = () =>
  new Command('quarantine')
    .addCommand(
      commandWithJson('list', { description: 'list quarantined files, newest first', example: 'quarantine list' })
        .option('--project <id>', 'only this project; operators see all projects by default')
        .option('--cursor <cursor>', 'cursor of the next page')
        .action(list),
    )
    .addCommand(
      commandWithJson('add', {
        description: 'quarantine a file, so that it is not processed',
        example: `quarantine add ${'0'.repeat(64)} --reason "crashes the decoder"`,
      })
        .argument('<sha256>', 'SHA-256 of the file, 64 hexadecimal digits')
        .requiredOption('--reason <text>', 'reason, shown to other admins')
        .option('--project <id>', 'in this project; a project key always uses its own')
        .option('--all-projects', 'in all projects; operators only')
        .action(add),
    )
    .addCommand(
      commandWithJson('release', {
        description: 'release a file, so that it can be processed again',
        example: 'quarantine release 019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6001',
      })
        .argument('<id>')
        .action(release),
    )

const COLUMNS = [
  ...['ID', { title: 'PROJECT', drop: 2 }, { title: 'SHA-256', drop: 4 }, { title: 'CRASHES', drop: 3 }],
  ...[
    { title: 'SINCE', drop: 1 },
    { title: 'REASON', clip: true as const },
  ],
]

async function list(options: Json & { project?: string; cursor?: string }): Promise<void> {
  const { darkroom } = await connectSdk()
  const query = given({ projectId: options.project, cursor: options.cursor, limit: 200 })
  const page = await darkroom.admin.quarantine.list(query)
  print(options, page, () => {
    if (page.items.length === 0) return 'No quarantined files.'
    const rows = page.items.map(item => [
      item.id,
      item.projectId ?? 'all projects',
      item.sha256,
      item.crashes,
      moment(item.createdAt),
      item.reason,
    ])
    const more = page.nextCursor ? `\nMore results: --cursor ${page.nextCursor}` : ''
    return `${table(COLUMNS, rows)}${more}`
  })
}

async function add(sha256: string, { reason, project, allProjects = false, ...options }: AddOptions): Promise<void> {
  const { darkroom } = await connectSdk()
  const body = { sha256, reason, allProjects, ...given({ projectId: project }) }
  const added = await darkroom.admin.quarantine.add(body)
  print(options, added, () => `Quarantined as ${added.id}. To undo: npx darkroom quarantine release ${added.id}`)
}

async function release(id: string, options: Json): Promise<void> {
  const { darkroom } = await connectSdk()
  await darkroom.admin.quarantine.release(id)
  print(options, { id }, () => 'Released. To requeue its failed jobs: npx darkroom jobs requeue --code QUARANTINED')
}
