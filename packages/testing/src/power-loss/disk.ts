import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { DiskCall } from './trace.ts'

/** A change of a file: its bytes from an offset on, or its length. */
type Content = { at: number } & ({ offset: number; bytes: Buffer } | { byteSize: number })
/** A change of a folder: what a name leads to from here on, if anything. */
interface Entry {
  at: number
  name: string
  leadsTo: Inode | null
}
interface Inode {
  contents: Content[]
  entries: Entry[] | null
  /** A sync covers what had ended when it began, and is a promise when it has ended. */
  syncs: { begunAt: number; at: number }[]
}

/** What of the changes that no sync covered a power loss lets through. */
export interface Loss {
  name: string
  contents(pending: readonly Content[]): Content[]
  entries(pending: readonly Entry[]): Entry[]
}

const SECTOR = 512
const all = <Change>(pending: readonly Change[]): Change[] => [...pending]
const none = (): never[] => []

/** Returns the first half of a write, up to a sector. */
function torn(change: Content): Content {
  if (!('bytes' in change)) return change
  const whole = Math.floor(change.bytes.length / 2 / SECTOR) * SECTOR
  return { ...change, bytes: change.bytes.subarray(0, whole) }
}

/** POSIX promises no more than the first; file systems let through anything in between, in any order. */
export const LOSSES: readonly Loss[] = [
  { name: 'all that was not synced', contents: none, entries: none },
  { name: 'contents that were not synced', contents: none, entries: all },
  { name: 'names that were not synced', contents: all, entries: none },
  { name: 'nothing', contents: all, entries: all },
  {
    name: 'the second half of what was written last',
    contents: pending => pending.map((change, at) => (at === pending.length - 1 ? torn(change) : change)),
    entries: all,
  },
]

/** Changes are lost, kept or torn by chance. */
export const someLoss = (random: () => number): Loss => ({
  name: 'some of what was not synced',
  contents: pending => pending.filter(() => random() < 0.6).map(change => (random() < 0.2 ? torn(change) : change)),
  entries: pending => pending.filter(() => random() < 0.6),
})

const newInode = (isFolder: boolean): Inode => ({ contents: [], entries: isFolder ? [] : null, syncs: [] })

export interface Disk {
  /** Puts what a power loss right after a line of the trace may leave into a new folder. */
  restore(folder: string, at: number, loss: Loss): void
  /** Lines of the trace in which something below the root was changed, or made to last. */
  moments: number[]
}

/** Replays the calls below `root`, a folder that is empty and there for good. */
export function replay(calls: readonly DiskCall[], root: string): Disk {
  const rootInode = newInode(true)
  const byPath = new Map<string, Inode>([[root, rootInode]])
  const open = new Map<number, { inode: Inode; position: number }>()

  const enter = (path: string, at: number, leadsTo: Inode | null) => {
    const parent = byPath.get(dirname(path))
    if (!parent?.entries) throw new Error(`the folder of ${path} is not known`)
    parent.entries.push({ at, name: basename(path), leadsTo })
    if (leadsTo) byPath.set(path, leadsTo)
    else byPath.delete(path)
  }
  const moments: number[] = []
  const isBelow = (path: string) => path.startsWith(`${root}/`)

  for (const call of calls) take(call)

  function take(call: DiskCall): void {
    if (call.type === 'open') opened(call)
    else if (call.type === 'rename') renamed(call)
    else if ('fd' in call) changed(call)
    else if (call.type !== 'ask' && isBelow(call.path)) {
      enter(call.path, call.at, call.type === 'mkdir' ? newInode(true) : null)
      moments.push(call.at)
    }
  }

  function opened({ path, fd, at, creates, truncates }: DiskCall & { type: 'open' }): void {
    open.delete(fd)
    if (path !== root && !isBelow(path)) return
    if (creates && !byPath.has(path)) enter(path, at, newInode(false))
    const inode = byPath.get(path)
    if (!inode) throw new Error(`${path} was opened and is not known`)
    if (truncates && inode.contents.length > 0) inode.contents.push({ at, byteSize: 0 })
    open.set(fd, { inode, position: 0 })
  }

  function renamed({ from, to, at }: DiskCall & { type: 'rename' }): void {
    if (!isBelow(from)) return
    const inode = byPath.get(from)
    if (!inode) throw new Error(`${from} was renamed and is not known`)
    enter(to, at, inode)
    enter(from, at, null)
    moments.push(at)
  }

  function changed(call: DiskCall & { fd: number }): void {
    const file = open.get(call.fd)
    if (!file) return
    const { at, begunAt } = call
    if (call.type === 'close') {
      open.delete(call.fd)
      return
    }
    moments.push(at)
    if (call.type === 'sync') file.inode.syncs.push({ begunAt, at })
    else if (call.type === 'resize') file.inode.contents.push({ at, byteSize: call.byteSize })
    else if (call.type === 'write') {
      file.inode.contents.push({ at, offset: call.offset ?? file.position, bytes: call.bytes })
      if (call.offset === null) file.position += call.bytes.length
    }
  }

  return { restore: (folder, at, loss) => restoreFolder(rootInode, folder, at, loss), moments }
}

function restoreFolder(inode: Inode, folder: string, at: number, loss: Loss): void {
  mkdirSync(folder, { recursive: true })
  const { kept, pending } = split(inode, inode.entries ?? [], at)
  const names = new Map([...kept, ...loss.entries(pending)].map(({ name, leadsTo }) => [name, leadsTo]))
  for (const [name, child] of names) {
    const path = join(folder, name)
    if (child?.entries) restoreFolder(child, path, at, loss)
    else if (child) writeFileSync(path, contentOf(child, at, loss))
  }
}

function contentOf(inode: Inode, at: number, loss: Loss): Buffer {
  const { kept, pending } = split(inode, inode.contents, at)
  let content = Buffer.alloc(0)
  const resize = (byteSize: number) => {
    content = Buffer.concat([content.subarray(0, byteSize), Buffer.alloc(Math.max(0, byteSize - content.length))])
  }
  for (const change of [...kept, ...loss.contents(pending)]) {
    if ('byteSize' in change) resize(change.byteSize)
    else {
      const end = change.offset + change.bytes.length
      if (end > content.length) resize(end)
      change.bytes.copy(content, change.offset)
    }
  }
  return content
}

/** Splits changes at a moment: those that a completed sync covers, and the others. */
function split<Change extends { at: number }>(
  { syncs }: Inode,
  changes: readonly Change[],
  at: number,
): { kept: Change[]; pending: Change[] } {
  const covered = Math.max(-1, ...syncs.filter(sync => sync.at <= at).map(({ begunAt }) => begunAt))
  const made = changes.filter(change => change.at <= at)
  return { kept: made.filter(change => change.at < covered), pending: made.filter(change => change.at >= covered) }
}

/** Numbers from 0 to 1, the same for one seed. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
