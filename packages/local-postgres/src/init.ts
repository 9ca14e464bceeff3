import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { syncFolder, writeWhole } from '@darkroom/core/durable-files'
import type { Binaries } from './binaries.ts'
import type { Launcher } from './launcher.ts'
import { collectOutput } from './output.ts'

export const SUPERUSER = 'darkroom'
const MAJOR_VERSION = '18'

interface Cluster {
  dataDir: string
  /** False leaves out waiting for the disk. */
  durable: boolean
}

/** Returns the path of the password: beside the data, readable by this user only. There is no other copy. */
const passwordFileOf = (dataDir: string) => `${dataDir}.password`
const draftPrefixOf = (dataDir: string) => `${dataDir}.new-`

/**
 * Makes a database cluster where there is none: elsewhere first and then renamed, so that one that a kill interrupted is
 * never taken for a whole one. Call it under the lock of the data folder.
 * @returns the password of the superuser
 */
export async function ensureCluster(binaries: Binaries, launcher: Launcher, cluster: Cluster): Promise<string> {
  const { dataDir } = cluster
  await removeDrafts(dataDir)
  if (await isEmpty(dataDir)) return initialize(binaries, launcher, cluster)
  await checkVersion(dataDir)
  launcher.own(dataDir)
  return readPassword(dataDir)
}

async function isEmpty(folder: string): Promise<boolean> {
  return !existsSync(folder) || (await readdir(folder)).length === 0
}

async function removeDrafts(dataDir: string): Promise<void> {
  const folder = dirname(dataDir)
  const drafts = (await readdir(folder)).filter(name => name.startsWith(basename(draftPrefixOf(dataDir))))
  // Again and again: the initdb of a parent that was killed a moment ago may still be writing.
  const persistently = { recursive: true, force: true, maxRetries: 20, retryDelay: 20 }
  await Promise.all(drafts.map(name => rm(join(folder, name), persistently)))
}

async function initialize({ initdb }: Binaries, launcher: Launcher, { dataDir, durable }: Cluster): Promise<string> {
  const password = randomBytes(24).toString('base64url')
  const pwfile = passwordFileOf(dataDir)
  await rm(pwfile, { force: true })
  await writeWhole(pwfile, password, { mode: 0o600 })
  const draft = await mkdtemp(draftPrefixOf(dataDir))
  launcher.own(draft)
  const args = ['--pgdata', draft, '--username', SUPERUSER, '--pwfile', pwfile, '--auth', 'scram-sha-256']
  // The builtin provider: the same order and the same case rules on every machine, whatever locales it has.
  const locale = ['--encoding', 'UTF8', '--locale-provider', 'builtin', '--locale', 'C.UTF-8']
  // Shared memory inside of the draft: killed half-way, initdb would leave it in /dev/shm. The server sets its own.
  const memory = ['--set', 'dynamic_shared_memory_type=mmap']
  // More would only slow down every connection: nobody guesses a password of 24 random bytes.
  const hashing = ['--set', 'scram_iterations=1']
  const settings = [...locale, ...memory, ...hashing, ...(durable ? [] : ['--no-sync'])]
  const { code, output } = await collectOutput(launcher.spawn(initdb, [...args, ...settings]))
  if (code !== 0) {
    await rm(draft, { recursive: true, force: true })
    throw new Error(`initdb failed:\n${output}`)
  }
  await rename(draft, dataDir)
  await syncFolder(dirname(dataDir))
  return password
}

export async function readPassword(dataDir: string): Promise<string> {
  const file = passwordFileOf(dataDir)
  if (existsSync(file)) return readFile(file, 'utf8')
  throw new Error(
    `${file} is missing, and with it the password of the data in ${dataDir}: put both back from one backup.`,
  )
}

async function checkVersion(dataDir: string): Promise<void> {
  const file = join(dataDir, 'PG_VERSION')
  if (!existsSync(file)) throw new Error(`${dataDir} is not a Postgres data folder; move it away and start again.`)
  const version = (await readFile(file, 'utf8')).trim()
  if (version === MAJOR_VERSION) return
  throw new Error(
    `${dataDir} was made by Postgres ${version}, this is ${MAJOR_VERSION}. Dump it with the old version, or move it away.`,
  )
}
