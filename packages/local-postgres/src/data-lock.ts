import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { processIdentity } from './process-identity.ts'

/**
 * Takes a data folder for this process, by a file beside it; one whose process died is taken over.
 * @returns the release
 * @throws Error when a living process has it
 */
export function lockDataDir(dataDir: string): () => void {
  const file = `${dataDir}.lock`
  while (!tryLock(file)) {
    const holder = readHolder(file)
    if (holder === null) continue
    const pid = Number.parseInt(holder, 10)
    if (processIdentity(pid) === holder) {
      throw new Error(`The data folder ${dataDir} is in use by process ${pid}; stop it first or choose another folder.`)
    }
    removeStale(file, holder)
  }
  return () => rmSync(file, { force: true })
}

/** The file appears with its content in one step. */
function tryLock(file: string): boolean {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, processIdentity(process.pid) ?? '')
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function readHolder(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

/** Renames before it removes: of two who find it stale, one takes it and the other gives back what it took by mistake. */
function removeStale(file: string, holder: string): void {
  const aside = `${file}.stale-${process.pid}`
  try {
    renameSync(file, aside)
    if (readFileSync(aside, 'utf8') === holder) rmSync(aside)
    else renameSync(aside, file)
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
  }
}

const isCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code
