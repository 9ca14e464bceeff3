import { mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes what stands in a folder last: a file that was made, renamed or removed is so after a power loss only once its folder
 * was synced, however often the file itself was.
 */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes a folder, with what is missing above it, that a power loss does not take away. */
export async function makeFolder(folder: string, options: { mode?: number } = {}): Promise<void> {
  const made = await mkdir(folder, { recursive: true, ...options })
  await syncFolder(dirname(folder))
  // What lies above a new one may be as new: of a process that was killed before it got here.
  if (made !== undefined) await syncAbove(dirname(folder))
}

/** What may not be read here is not ours, so we have not made it. */
const FOREIGN = new Set(['EACCES', 'EPERM'])

async function syncAbove(folder: string): Promise<void> {
  const parent = dirname(folder)
  if (parent === folder) return
  try {
    await syncFolder(parent)
  } catch (error) {
    if (error instanceof Error && 'code' in error && FOREIGN.has(String(error.code))) return
    throw error
  }
  await syncAbove(parent)
}

/** Writes a text that is there whole or not at all, whenever the process is killed or the power goes. Replaces what is there. */
export async function writeWhole(file: string, text: string, options: { mode?: number } = {}): Promise<void> {
  const draft = `${file}.draft`
  const handle = await open(draft, 'w', options.mode)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, file)
  await syncFolder(dirname(file))
}
