import { readdirSync, statSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isDataDirInUse, startLocalPostgres } from '@darkroom/local-postgres'
import type { TestProject } from 'vitest/node'
import { COMPILE_CACHE } from './compile-cache.ts'
import { memoryFolder } from './memory-folder.ts'

/** Where test files find the one server of this run. */
export const TEST_POSTGRES_VARIABLE = 'DARKROOM_TEST_POSTGRES'

/** Where they find a folder that goes with the run: vitest ends its workers without a word to them. */
const TEST_TEMP_VARIABLE = 'DARKROOM_TEST_TEMP'

/** Where tests of e2e put their installations. */
const TEST_HOMES_VARIABLE = 'DARKROOM_TEST_HOMES'

/** What the installations of a run take at most, with room to spare: four at once, one of them with a whole corpus in it. */
const HOMES_BYTES = 4 * 1024 ** 3

const PREFIX = 'darkroom-test-run-'
/** A run that has just begun may have no lock yet. */
const BEGINNING_MS = 60_000

/**
 * Starts one Postgres for the whole run (vitest globalSetup), and makes one folder for compiled code and one for
 * temporary files, in memory where there is room.
 */
export default async function setup(project?: TestProject): Promise<() => Promise<void>> {
  const root = memoryFolder()
  await removeLeftovers(root)
  const folder = await mkdtemp(join(root, PREFIX))
  const remove = () => rm(folder, { recursive: true, force: true })
  const server = await startLocalPostgres({ dataDir: join(folder, 'data'), durable: false }).catch(async error => {
    await remove()
    throw error
  })
  const temp = await makeTempFolder(folder)
  process.env[TEST_POSTGRES_VARIABLE] = server.url
  process.env[TEST_TEMP_VARIABLE] = temp
  Object.assign(process.env, COMPILE_CACHE)
  // Hundreds of stores and databases that sync every object and commit keep a disk busy, and the kernel as long as our code.
  if (project?.name === 'integration') project.config.env = { ...project.config.env, TMPDIR: temp }
  if (project?.name === 'e2e' && memoryFolder(HOMES_BYTES) === root) process.env[TEST_HOMES_VARIABLE] = temp
  return async () => {
    await server.stop()
    await remove()
  }
}

/** Makes a folder with the permissions of /tmp, for tests that start something as another user. */
async function makeTempFolder(folder: string): Promise<string> {
  const temp = join(folder, 'temp')
  await mkdir(temp)
  await chmod(temp, 0o1777)
  await chmod(folder, 0o711)
  return temp
}

/** Removes the folders of killed runs: each is 40 MB of memory and more. */
async function removeLeftovers(root: string): Promise<void> {
  const folders = readdirSync(root).filter(name => name.startsWith(PREFIX))
  await Promise.all(
    folders
      .map(name => join(root, name))
      .filter(folder => !isInUse(folder))
      .map(folder => rm(folder, { recursive: true, force: true })),
  )
}

function isInUse(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (!found || found.uid !== process.getuid?.()) return true
  return Date.now() - found.mtimeMs < BEGINNING_MS || isDataDirInUse(join(folder, 'data'))
}
