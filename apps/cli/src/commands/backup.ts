import { readFile } from 'node:fs/promises'
import {
  type Backup,
  BackupConfig,
  type BackupPlace,
  type ComparedTable,
  createBackup,
  drillBackup,
  findBackup,
  generateKeyPair,
  listBackups,
  ownerOf,
  pruneBackups,
  restoreBackup,
} from '@darkroom/backups'
import { isAppError, parseConfig, parseConfigs, silentLogger } from '@darkroom/core'
import { createDatabase, DatabaseConfig, waitForDatabase } from '@darkroom/db/client'
import { isEmptyDatabase, readDatabaseIdentity } from '@darkroom/db/operations'
import { createS3Store, findStoreFault, StorageConfig } from '@darkroom/storage'
import { BACKUP_TASK, runExclusive } from '@darkroom/worker'
import { Command } from 'commander'
import prettyBytes from 'pretty-bytes'
import { CommandError, EXIT } from '../exit-codes.ts'
import { commandWithJson, counted, moment, newCommand, print } from '../output.ts'
import { dataFolderOf } from '../start/data-folder.ts'
import { runningEnv } from '../start/embedded-env.ts'
import { table } from '../table.ts'

/** Backs up the database of DATABASE_URL, or of the `npm start` on this machine, to the bucket of B2_* or BACKUP_BUCKET. */
export const backupCommand = () => {
  const backup = new Command('backup')
  const create = commandWithJson('create', {
    description: 'back up the database now (default)',
    example: 'backup create',
  }).action((options: Output) => backUp(options))
  const keygen = commandWithJson('keygen', {
    description: 'create the keys of backups: one encrypts, the other decrypts',
    example: 'backup keygen',
  }).action(showKeyPair)
  const list = commandWithJson('list', {
    description: 'list the complete backups, the newest first',
    example: 'backup list',
  }).action(showBackups)
  const drill = commandWithJson('drill', {
    description: 'restore a backup (default: the newest) to a scratch database, compare every table, and drop it',
    example: 'backup drill --identity backup-key.txt',
  })
    .argument('[name]', 'name of the backup')
    .option('--identity <file>', 'file with the secret key; default: BACKUP_IDENTITY')
    .action(runDrill)
  const restore = newCommand('restore', {
    description: 'restore a backup (default: the newest) to an empty database',
    example: 'backup restore --to postgres://darkroom:secret@127.0.0.1:5432/restored --identity backup-key.txt',
  })
    .argument('[name]', 'name of the backup')
    .requiredOption('--to <url>', 'URL of the empty database')
    .option('--identity <file>', 'file with the secret key; default: BACKUP_IDENTITY')
    .action(runRestore)
  backup.addCommand(create, { isDefault: true })
  for (const command of [keygen, list, drill, restore]) backup.addCommand(command)
  return backup
}

interface Output {
  json?: boolean
}

interface WithIdentity extends Output {
  identity?: string
}

interface Installation extends BackupPlace {
  /** Only read where it is used: where a backup is restored, there may be no database of Darkroom yet. */
  databaseUrl(): string
  config: BackupConfig
}

/** Opens the bucket of backups, and closes it after the work. */
async function withBackups<T>(work: (installation: Installation) => Promise<T>): Promise<T> {
  const env = { ...(await runningEnv(dataFolderOf(process.env))), ...process.env }
  const configs = parseConfigs({ storage: StorageConfig, backups: BackupConfig }, env)
  const databaseUrl = () => parseConfig(DatabaseConfig, env).DATABASE_URL
  const { store: storeConfig, privateBucket } = configs.storage
  const fault = await findStoreFault(configs.storage, silentLogger)
  if (fault) throw new CommandError(fault, EXIT.unreachable)
  const store = createS3Store(storeConfig, { logger: silentLogger })
  try {
    const bucket = configs.backups.BACKUP_BUCKET ?? privateBucket
    return await work({ store, bucket, databaseUrl, config: configs.backups })
  } finally {
    store.close()
  }
}

const backUp = (output: Output): Promise<void> =>
  withBackups(async ({ store, bucket, config, ...installation }) => {
    const { BACKUP_RECIPIENT: recipients, BACKUP_KEEP: keep, POSTGRES_BIN_DIR: binDir } = config
    if (!recipients) throw new CommandError(NO_RECIPIENT, EXIT.usage)
    const databaseUrl = installation.databaseUrl()
    await waitForDatabase(databaseUrl, { maxWaitMs: 0, signal: new AbortController().signal })
    const database = createDatabase(databaseUrl, { max: 2, applicationName: 'darkroom-backup' })
    const { signal } = new AbortController()
    try {
      // By hand it is always due; only one at a time.
      const due = { task: BACKUP_TASK, everySec: 0 }
      const isDone = await runExclusive({ database, logger: silentLogger }, due, signal, async leased => {
        const options = { recipients, binDir, signal: leased }
        const made = await createBackup({ database, databaseUrl, store, bucket }, options)
        print(output, made, () => `${made.name}: ${summary(made)}`)
        await pruneBackups({ store, bucket }, { keep, owner: ownerOf(made.name) })
      })
      if (!isDone) throw new CommandError('Another backup is being made. Try again when it is done.', EXIT.unreachable)
    } finally {
      await database.close()
    }
  })

const NO_RECIPIENT =
  'BACKUP_RECIPIENT: is missing; backups are always encrypted. Create a key with "npx darkroom backup keygen".'

const rowsOf = ({ tables }: Backup): number => tables.reduce((sum, { rows }) => sum + rows, 0)
const summary = (backup: Backup): string =>
  `${counted(rowsOf(backup), 'row')} in ${counted(backup.tables.length, 'table')}, ${prettyBytes(backup.byteSize)} encrypted`

async function showKeyPair(output: Output): Promise<void> {
  const pair = await generateKeyPair()
  print(output, pair, () =>
    [
      `Recipient (set it on the workers): BACKUP_RECIPIENT=${pair.recipient}`,
      `Identity (keep it off the servers, in two places; without it no backup can be restored):`,
      pair.identity,
    ].join('\n'),
  )
}

const showBackups = (output: Output): Promise<void> =>
  withBackups(async place => {
    const backups = await listBackups(place)
    print(output, backups, () =>
      backups.length === 0
        ? 'There are no backups.'
        : table(
            ['name', 'taken at', 'Postgres', 'rows', 'size'],
            backups.map(backup => [
              backup.name,
              moment(backup.takenAt),
              backup.postgresMajor,
              rowsOf(backup),
              prettyBytes(backup.byteSize),
            ]),
          ),
    )
  })

const runDrill = (name: string | undefined, options: WithIdentity): Promise<void> =>
  withBackups(async installation => {
    const { config } = installation
    const databaseUrl = installation.databaseUrl()
    const [backup, identity] = [
      await getBackup(installation, { name, owner: name === undefined ? await identityOf(databaseUrl) : undefined }),
      await readIdentity(config, options),
    ]
    const startedAt = performance.now()
    const tables = await drillBackup(installation, backup, databaseUrl, { identity, binDir: config.POSTGRES_BIN_DIR })
    const seconds = (performance.now() - startedAt) / 1000
    report(options, backup, tables, `restored and compared in ${seconds.toFixed(1)} s`)
  })

const runRestore = (name: string | undefined, options: WithIdentity & { to: string }): Promise<void> =>
  withBackups(async installation => {
    const { config } = installation
    const [backup, identity] = [await getBackup(installation, { name }), await readIdentity(config, options)]
    await refuseFilled(options.to)
    const tables = await restoreBackup(installation, backup, options.to, { identity, binDir: config.POSTGRES_BIN_DIR })
    report(options, backup, tables, 'restored')
    console.log('Next: set DATABASE_URL to this database and run "npx darkroom migrate".')
  })

async function refuseFilled(url: string): Promise<void> {
  await waitForDatabase(url, { maxWaitMs: 0, signal: new AbortController().signal })
  const database = createDatabase(url, { max: 1, applicationName: 'darkroom-restore' })
  try {
    if (!(await isEmptyDatabase(database.db)))
      throw new CommandError('--to: this database has tables already. Restore to an empty one (createdb).', EXIT.usage)
  } finally {
    await database.close()
  }
}

/** The newest backup of this very database is what a drill is about. */
async function identityOf(databaseUrl: string): Promise<string> {
  await waitForDatabase(databaseUrl, { maxWaitMs: 0, signal: new AbortController().signal })
  const database = createDatabase(databaseUrl, { max: 1, applicationName: 'darkroom-backup' })
  try {
    return await readDatabaseIdentity(database.db)
  } finally {
    await database.close()
  }
}

async function getBackup(place: BackupPlace, wanted: Parameters<typeof findBackup>[1]): Promise<Backup> {
  const found = await findBackup(place, wanted).catch(error => {
    if (isAppError(error) && error.code === 'INVALID_REQUEST') throw new CommandError(error.message, EXIT.usage)
    throw error
  })
  if (found) return found
  const { name } = wanted
  const what = name === undefined ? 'There are no backups' : `There is no complete backup ${name}`
  throw new CommandError(`${what} in ${place.bucket}. "npx darkroom backup list" shows them.`, EXIT.notFound)
}

async function readIdentity(config: BackupConfig, { identity: file }: WithIdentity): Promise<string> {
  const content = file === undefined ? (config.BACKUP_IDENTITY ?? '') : await readFile(file, 'utf8')
  // The files of age-keygen have comments.
  const identity = content
    .split('\n')
    .map(line => line.trim())
    .find(line => /^AGE-SECRET-KEY-/i.test(line))
  if (identity) return identity
  throw new CommandError(
    '--identity: expected a file with the secret key (AGE-SECRET-KEY-…), or BACKUP_IDENTITY.',
    EXIT.usage,
  )
}

function report(output: Output, backup: Backup, tables: ComparedTable[], done: string): void {
  const different = tables.filter(({ isSame }) => !isSame)
  print(output, { backup: backup.name, isSame: different.length === 0, tables }, () =>
    [
      table(
        ['table', 'rows', 'restored', 'checksum'],
        tables.map(each => [
          each.table,
          each.expected?.rows ?? '-',
          each.restored?.rows ?? '-',
          each.isSame ? 'same' : 'DIFFERENT',
        ]),
      ),
      '',
      different.length === 0
        ? `Backup ${backup.name} is good: ${done}, all ${counted(tables.length, 'table')} are the same.`
        : `Backup ${backup.name} DIFFERS in ${counted(different.length, 'table')}: ${different.map(each => each.table).join(', ')}.`,
    ].join('\n'),
  )
  if (different.length > 0) process.exitCode = EXIT.failed
}
