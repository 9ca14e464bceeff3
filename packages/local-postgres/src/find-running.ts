import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readPassword, SUPERUSER } from './init.ts'

/** Of postmaster.pid: https://www.postgresql.org/docs/18/storage-file-layout.html */
const LINE_OF_PORT = 3

/** Returns the URL of the server that runs on a data folder, with its password; null when none does. */
export async function findLocalPostgres(dataDir: string, database = 'darkroom'): Promise<string | null> {
  const text = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => null)
  const port = Number(text?.split('\n')[LINE_OF_PORT])
  if (!port) return null
  return `postgres://${SUPERUSER}:${await readPassword(dataDir)}@127.0.0.1:${port}/${database}`
}
