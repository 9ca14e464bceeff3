import { AUDIT_RESULTS, AUDIT_TARGETS, type AuditResult, type AuditTarget } from '@darkroom/contracts'
import { Option } from 'commander'
import { parseMoment } from '../job-filter.ts'
import { commandWithJson, moment, print } from '../output.ts'
import { connectSdk, given } from '../sdk-client.ts'
import { table } from '../table.ts'

interface AuditOptions {
  json?: true
  key?: string
  action?: string
  type?: AuditTarget
  target?: string
  result?: AuditResult
  project?: string
  since?: Date
  before?: Date
  cursor?: string
}

export const auditCommand = () =>
  commandWithJson('audit', {
    description: 'list what admins changed, and what they were refused, newest first',
    example: 'audit --since 12h',
  })
    .option('--key <id>', 'only with this key (short id)')
    .option('--action <operation>', 'only this operation, for example pauseQueue')
    .addOption(new Option('--type <type>', 'only changes of this kind of thing').choices(AUDIT_TARGETS))
    .option('--target <id>', 'only changes of this id or name')
    .addOption(new Option('--result <result>', 'only changes that ended like this').choices(AUDIT_RESULTS))
    .option('--project <id>', 'only this project; operators see all projects by default')
    .option('--since <time>', 'only since then: 30m, 1h, 2d, or a time such as 2026-03-01T12:00:00Z', parseMoment)
    .option('--before <time>', 'only before then, in the format of --since', parseMoment)
    .option('--cursor <cursor>', 'cursor of the next page')
    .action(list)

const COLUMNS = [
  ...['AT', { title: 'KEY', drop: 1 }, 'ACTION', { title: 'TARGET', clip: true as const }],
  ...['RESULT', { title: 'REQUEST', drop: 2 }],
]

async function list({ type, project, since, before, json, ...same }: AuditOptions): Promise<void> {
  const { darkroom } = await connectSdk()
  const times = { after: since?.toISOString(), before: before?.toISOString() }
  const query = given({ ...same, ...times, targetType: type, projectId: project, limit: 200 })
  const page = await darkroom.admin.audit.list(query)
  print({ ...(json && { json }) }, page, () => {
    if (page.items.length === 0) return 'No changes.'
    const rows = page.items.map(item => [
      moment(item.at),
      item.keyName === null ? item.key : `${item.key} (${item.keyName})`,
      item.action,
      `${item.targetType} ${item.target ?? ''}`.trim(),
      item.code ?? item.result,
      item.requestId ?? '',
    ])
    return `${table(COLUMNS, rows)}${page.nextCursor ? `\nMore results: --cursor ${page.nextCursor}` : ''}`
  })
}
