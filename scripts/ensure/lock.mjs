import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { say } from './report.mjs'

const POLL_MS = 200
/** Between making the folder and writing the pid into it. */
const UNSIGNED_MS = 5000

/** One lock per checkout and user. Outside of the checkout, because npm ci empties node_modules. */
export function lockFolderOf(root) {
  const id = createHash('sha256').update(root).digest('hex').slice(0, 12)
  return join(tmpdir(), `darkroom-ensure-${process.getuid?.() ?? 'user'}-${id}`)
}

/** Runs `work` alone among all processes of this checkout; a lock whose holder died is taken over. */
export async function withLock(root, work, folder = lockFolderOf(root)) {
  await acquire(folder)
  const release = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

async function acquire(folder) {
  let hasWaited = false
  while (!tryAcquire(folder)) {
    const holder = holderOf(folder)
    if (!isHeld(folder, holder)) {
      takeAway(folder, holder)
      continue
    }
    if (!hasWaited) say(`another terminal (process ${holder}) is installing; waiting for it`)
    hasWaited = true
    await sleep(POLL_MS)
  }
}

function tryAcquire(folder) {
  try {
    mkdirSync(folder)
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
  writeFileSync(join(folder, 'pid'), String(process.pid))
  return true
}

function holderOf(folder) {
  try {
    return Number(readFileSync(join(folder, 'pid'), 'utf8')) || null
  } catch {
    return null
  }
}

function isHeld(folder, holder) {
  if (holder !== null) return isAlive(holder)
  const made = statSync(folder, { throwIfNoEntry: false })
  return made !== undefined && Date.now() - made.mtimeMs < UNSIGNED_MS
}

/** Renames first: of two who find it stale, one succeeds. */
function takeAway(folder, holder) {
  const aside = `${folder}.stale-${process.pid}`
  try {
    renameSync(folder, aside)
    // Another was faster and holds it already: give it back.
    if (holderOf(aside) !== holder) return renameSync(aside, folder)
    rmSync(aside, { recursive: true, force: true })
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
