import { generateKey, presentKey } from '@darkroom/api'
import { SCOPES } from '@darkroom/contracts'
import {
  type Database,
  DEFAULT_PROJECT,
  ensureProject,
  everywhereForgotten,
  findProjectByName,
  getApiKey,
  insertApiKey,
  listApiKeys,
  revokeApiKey,
  rotateApiKey,
} from '@darkroom/db'
import { Command, InvalidArgumentError } from 'commander'
import { CommandError } from '../admin-client.ts'
import { commandWithJson, moment, print, table } from '../output.ts'
import { withDatabase } from '../with-database.ts'

type Json = { json?: true }
type CreateOptions = Json & { project: string; name: string; scopes: string[]; operator?: true; expires?: Date }

export const keysCommand = () =>
  new Command('keys')
    .description('create, list, rotate and revoke API keys (needs DATABASE_URL)')
    .addCommand(
      commandWithJson('create')
        .description('create a key and print it; it is shown this once')
        .option('--project <name>', 'project of the key, made when it is not there', DEFAULT_PROJECT)
        .option('--name <name>', 'what the key is for', 'created by the command line')
        .option('--scopes <list>', `comma-separated, out of ${SCOPES.join(', ')}`, parseScopes, [...SCOPES])
        .option('--expires <time>', 'when it stops working, such as 2027-01-31 or 2027-01-31T12:00Z', parseTime)
        .option('--operator', 'a key that belongs to no project and may run the installation')
        .action((options: CreateOptions) => withDatabase(db => create(db, options))),
    )
    .addCommand(
      commandWithJson('list')
        .description('list keys, without their secrets')
        .option('--project <name>', 'those of one project')
        .action((options: Json & { project?: string }) => withDatabase(db => list(db, options))),
    )
    .addCommand(
      commandWithJson('rotate')
        .argument('<id>', 'the eight characters after dk_')
        .description('print a new key in the place of an old one')
        .option('--overlap <seconds>', 'how long the old key works beside the new one', parseSeconds, 0)
        .action((id: string, options: Json & { overlap: number }) => withDatabase(db => rotate(db, id, options))),
    )
    .addCommand(
      commandWithJson('revoke')
        .argument('<id>', 'the eight characters after dk_')
        .description('revoke a key; it stops working at once')
        .action((id: string, options: Json) => withDatabase(db => revoke(db, id, options))),
    )

function parseScopes(list: string): string[] {
  const scopes = list.split(',').map(scope => scope.trim())
  const unknown = scopes.find(scope => !SCOPES.some(known => known === scope))
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is none of ${SCOPES.join(', ')}.`)
  return scopes
}

function parseTime(text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime()) || time.getTime() <= Date.now())
    throw new InvalidArgumentError('Expected a time that is to come, such as 2027-01-31.')
  return time
}

function parseSeconds(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('Expected a number of seconds.')
  return Number(text)
}

async function create(db: Database, options: CreateOptions): Promise<void> {
  const { key, shortId, hash } = generateKey(options.operator ? 'operator' : 'project')
  const project = options.operator ? null : await ensureProject(db, options.project)
  const { name, scopes, expires: expiresAt = null } = options
  const made = await insertApiKey(db, { projectId: project?.id ?? null, shortId, hash, name, scopes, expiresAt })
  // The key alone on stdout, so that a script can take it.
  console.error(`A key ${project ? `of project "${project.name}"` : 'of an operator'}. Keep it: it is not shown again.`)
  print(options, { ...presentKey(made), key }, () => key)
}

async function list(db: Database, { project: name, ...options }: Json & { project?: string }): Promise<void> {
  const project = name === undefined ? undefined : await findProjectByName(db, name)
  if (project === null) throw new CommandError(`There is no project "${name}"; see "darkroom projects list".`)
  const keys = (await listApiKeys(db, project?.id)).map(presentKey)
  const rows = keys.map(({ shortId, projectId, name, scopes, createdAt, lastUsedAt, expiresAt, revokedAt }) => [
    ...[shortId, projectId ? 'project' : 'operator', name, scopes.join(',')],
    ...[createdAt, lastUsedAt, expiresAt, revokedAt].map(moment),
  ])
  const headings = ['ID', 'KIND', 'NAME', 'SCOPES', 'CREATED', 'LAST USED', 'EXPIRES', 'REVOKED']
  print(options, keys, () => (rows.length === 0 ? 'There are no keys.' : table(headings, rows)))
}

const noKey = (id: string) => new CommandError(`There is no key ${id} that still works; see "darkroom keys list".`)

async function rotate(db: Database, id: string, { overlap, ...options }: Json & { overlap: number }): Promise<void> {
  const old = await getApiKey(db, { shortId: id })
  const { key, ...secret } = generateKey(old?.projectId === null ? 'operator' : 'project')
  const made = await db.transaction(tx => rotateApiKey(tx, { shortId: id }, { ...secret, overlapSec: overlap }))
  if (!made) throw noKey(id)
  if (overlap === 0) await everywhereForgotten()
  console.error(`A key in the place of ${id}, which works for ${overlap} more seconds. Keep it: it is not shown again.`)
  print(options, { ...presentKey(made), key }, () => key)
}

async function revoke(db: Database, id: string, options: Json): Promise<void> {
  if (!(await revokeApiKey(db, { shortId: id }))) throw noKey(id)
  await everywhereForgotten()
  const key = await getApiKey(db, { shortId: id })
  print(options, key && presentKey(key), () => `key ${id} is revoked`)
}
