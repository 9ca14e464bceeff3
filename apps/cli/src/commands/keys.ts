import { generateKey, SCOPES } from '@darkroom/api'
import { parseConfig } from '@darkroom/core'
import {
  createDatabase,
  type Database,
  DatabaseConfig,
  DEFAULT_PROJECT,
  ensureProject,
  insertApiKey,
  listApiKeys,
  migrateDatabase,
  revokeApiKey,
} from '@darkroom/db'
import { Command, InvalidArgumentError } from 'commander'

export const keysCommand = () => {
  const keys = new Command('keys').description('create, list and revoke API keys (needs DATABASE_URL)')
  keys
    .command('create')
    .description('create a key and print it; it is shown this once')
    .option('--project <name>', 'project of the key, made when it is not there', DEFAULT_PROJECT)
    .option('--name <name>', 'what the key is for', 'created by the command line')
    .option('--scopes <list>', `comma-separated, out of ${SCOPES.join(', ')}`, parseScopes, [...SCOPES])
    .option('--operator', 'a key that belongs to no project and may run the installation')
    .action(options => withDatabase(db => create(db, options)))
  keys
    .command('list')
    .description('list keys, without their secrets')
    .action(() => withDatabase(list))
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

async function withDatabase(use: (db: Database) => Promise<void>): Promise<void> {
  const { DATABASE_URL } = parseConfig(DatabaseConfig, process.env)
  await migrateDatabase(DATABASE_URL)
  const database = createDatabase(DATABASE_URL, { max: 2, applicationName: 'darkroom-cli' })
  try {
    await use(database.db)
  } finally {
    await database.close()
  }
}

async function create(
  db: Database,
  options: { project: string; name: string; scopes: string[]; operator?: true },
): Promise<void> {
  const { key, shortId, hash } = generateKey(options.operator ? 'operator' : 'project')
  const project = options.operator ? null : await ensureProject(db, options.project)
  await insertApiKey(db, { projectId: project?.id ?? null, shortId, hash, name: options.name, scopes: options.scopes })
  // The key alone on stdout, so that a script can take it.
  console.error(`A key ${project ? `of project "${project.name}"` : 'of an operator'}. Keep it: it is not shown again.`)
  console.log(key)
}

async function list(db: Database): Promise<void> {
  const rows = await listApiKeys(db)
  console.table(
    rows.map(key => ({
      id: key.shortId,
      kind: key.projectId ? 'project' : 'operator',
      name: key.name,
      scopes: key.scopes.join(','),
      created: key.createdAt.toISOString(),
      lastUsed: key.lastUsedAt?.toISOString() ?? '',
      revoked: key.revokedAt?.toISOString() ?? '',
    })),
  )
}

async function revoke(db: Database, id: string): Promise<void> {
  if (await revokeApiKey(db, id)) return console.log(`key ${id} is revoked`)
  console.error(`There is no key ${id} that still works; see "darkroom keys list".`)
  process.exitCode = 1
}
