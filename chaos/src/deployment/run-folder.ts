import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { memoryFolder } from '@darkroom/testing'

export const REPO_ROOT = join(import.meta.dirname, '../../..')

const PREFIX = 'darkroom-chaos-'

/**
 * Makes the folder of a run, in memory where there is room: the harness breaks processes and networks, never the disk
 * under Postgres and the store.
 */
export async function makeRunFolder(): Promise<string> {
  const root = memoryFolder()
  await removeLeftovers(root)
  return mkdtemp(join(root, `${PREFIX}${process.pid}-`))
}

/** Removes the folders of runs that were killed. */
async function removeLeftovers(root: string): Promise<void> {
  const dead = readdirSync(root).filter(name => {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1])
    return pid > 0 && !existsSync(`/proc/${pid}`)
  })
  await Promise.all(dead.map(name => rm(join(root, name), { recursive: true, force: true })))
}
