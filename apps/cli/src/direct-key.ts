import { join } from 'node:path'
import { generateKey, presentKey } from '@darkroom/api'
import type { KeyCreated } from '@darkroom/contracts'
import { parseConfig } from '@darkroom/core'
import { createDatabase, DatabaseConfig, waitForDatabase } from '@darkroom/db/client'
import { migrateDatabase } from '@darkroom/db/migrate'
import { insertAuditEntry } from '@darkroom/db/operations'
import { ensureProject, insertApiKey } from '@darkroom/db/projects'
import { findLocalPostgres } from '@darkroom/local-postgres'
import { CommandError, EXIT } from './exit-codes.ts'
import { dataFolderOf } from './start/data-folder.ts'

interface NewKey {
  project: string
  name: string
  scopes: string[]
  operator?: true
  expires?: Date
}

/** In the place of a key, in the audit log. */
const DIRECTLY = {
  keyId: 'direct',
  isOperator: true,
  action: 'createKeyDirectly',
  targetType: 'key',
  result: 'done',
} as const

/** Makes a key where no other is at hand: whoever reaches the database itself may do anything in any case. */
export async function createKeyDirectly({ operator, name, scopes, expires, project }: NewKey): Promise<KeyCreated> {
  const url = await databaseUrl(process.env)
  await waitForDatabase(url, { maxWaitMs: 0, signal: new AbortController().signal })
  await migrateDatabase(url)
  const { db, close } = createDatabase(url, { max: 1, applicationName: 'darkroom-cli' })
  try {
    const { key, ...secret } = generateKey(operator ? 'operator' : 'project')
    const projectId = operator ? null : (await ensureProject(db, project)).id
    const made = await db.transaction(async tx => {
      const row = await insertApiKey(tx, { ...secret, projectId, name, scopes, expiresAt: expires ?? null })
      await insertAuditEntry(tx, { ...DIRECTLY, target: row.shortId, projectId, input: { name, scopes } })
      return row
    })
    return { ...presentKey(made), key }
  } finally {
    await close()
  }
}

async function databaseUrl(env: NodeJS.ProcessEnv): Promise<string> {
  if (env.DATABASE_URL) return parseConfig(DatabaseConfig, env).DATABASE_URL
  const folder = dataFolderOf(env)
  const url = await findLocalPostgres(join(folder, 'postgres'))
  if (url) return url
  const text = `--direct needs a database: set DATABASE_URL, or start the one in ${folder} with \`npm start\`.`
  throw new CommandError(text, EXIT.unreachable)
}
