import { generateKey } from '@darkroom/api'
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
import { withDatabase } from '../with-database.ts'

export const keysCommand = () => {
  const keys = new Command('keys').description('create, list, rotate and revoke API keys (needs DATABASE_URL)')
  keys
    .command('create')
    .description('create a key and print it; it is shown this once')
    .option('--project <name>', 'project of the key, made when it is not there', DEFAULT_PROJECT)
    .option('--name <name>', 'what the key is for', 'created by the command line')
    .option('--scopes <list>', `comma-separated, out of ${SCOPES.join(', ')}`, parseScopes, [...SCOPES])
    .option('--expires <time>', 'when it stops working, such as 2027-01-31 or 2027-01-31T12:00Z', parseTime)
    .option('--operator', 'a key that belongs to no project and may run the installation')
    .action(options => withDatabase(db => create(db, options)))
  keys
    .command('list')
    .description('list keys, without their secrets')
    .option('--project <name>', 'those of one project')
    .action((options: { project?: string }) => withDatabase(db => list(db, options)))
  keys
    .command('rotate')
    .argument('<id>', 'the eight characters after dk_')
    .description('print a new key in the place of an old one')
    .option('--overlap <seconds>', 'how long the old key works beside the new one', parseSeconds, 0)
    .action((id: string, options: { overlap: number }) => withDatabase(db => rotate(db, id, options)))
  keys
    .command('revoke')
    .argument('<id>', 'the eight characters after dk_')
    .description('revoke a key; it stops working at once')
    .action((id: string) => withDatabase(db => revoke(db, id)))
  return keys
}

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

async function create(
  db: Database,
  options: { project: string; name: string; scopes: string[]; operator?: true; expires?: Date },
): Promise<void> {
  const { key, shortId, hash } = generateKey(options.operator ? 'operator' : 'project')
  const project = options.operator ? null : await ensureProject(db, options.project)
  const { name, scopes, expires: expiresAt = null } = options
  await insertApiKey(db, { projectId: project?.id ?? null, shortId, hash, name, scopes, expiresAt })
  // The key alone on stdout, so that a script can take it.
  console.error(`A key ${project ? `of project "${project.name}"` : 'of an operator'}. Keep it: it is not shown again.`)
  console.log(key)
}

async function list(db: Database, { project: name }: { project?: string }): Promise<void> {
  const project = name === undefined ? undefined : await findProjectByName(db, name)
  if (project === null) throw new CommandError(`There is no project "${name}"; see "darkroom projects list".`)
  const rows = await listApiKeys(db, project?.id)
  console.table(
    rows.map(key => ({
      id: key.shortId,
      kind: key.projectId ? 'project' : 'operator',
      name: key.name,
      scopes: key.scopes.join(','),
      created: key.createdAt.toISOString(),
      lastUsed: key.lastUsedAt?.toISOString() ?? '',
      expires: key.expiresAt?.toISOString() ?? '',
      revoked: key.revokedAt?.toISOString() ?? '',
    })),
  )
}

async function rotate(db: Database, id: string, { overlap }: { overlap: number }): Promise<void> {
  const old = await getApiKey(db, { shortId: id })
  const { key, ...secret } = generateKey(old?.projectId === null ? 'operator' : 'project')
  const made = await db.transaction(tx => rotateApiKey(tx, { shortId: id }, { ...secret, overlapSec: overlap }))
  if (!made) throw new CommandError(`There is no key ${id} that still works; see "darkroom keys list".`)
  if (overlap === 0) await everywhereForgotten()
  console.error(`A key in the place of ${id}, which works for ${overlap} more seconds. Keep it: it is not shown again.`)
  console.log(key)
}

async function revoke(db: Database, id: string): Promise<void> {
  if (!(await revokeApiKey(db, { shortId: id }))) {
    console.error(`There is no key ${id} that still works; see "darkroom keys list".`)
    process.exitCode = 1
    return
  }
  await everywhereForgotten()
  console.log(`key ${id} is revoked`)
}
