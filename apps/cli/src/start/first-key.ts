import { generateKey } from '@darkroom/api'
import { SCOPES } from '@darkroom/contracts'
import { createDatabase } from '@darkroom/db/client'
import { insertFirstApiKey } from '@darkroom/db/projects'

/** Makes the key of an operator where there has never been a key. @returns the key, which is kept nowhere, or null */
export async function makeFirstKey(databaseUrl: string): Promise<string | null> {
  const { key, shortId, hash } = generateKey('operator')
  const database = createDatabase(databaseUrl, { max: 1, applicationName: 'darkroom-start' })
  try {
    const values = { projectId: null, shortId, hash, name: 'created by the first start', scopes: [...SCOPES] }
    return (await insertFirstApiKey(database.db, values)) ? key : null
  } finally {
    await database.close()
  }
}
