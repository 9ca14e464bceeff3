import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Disk, replay } from './disk.ts'
import { type DiskCall, readTrace, TRACED_CALLS } from './trace.ts'

/** A process under watch asks for a path that begins so when something was promised: it shows in the trace, and changes nothing. */
export const PROMISED = '/promised/'

export interface DiskRecording {
  calls: DiskCall[]
  disk: Disk
  /** Lines of the trace in which something was promised, by what. */
  promises: Map<string, number>
  /** Lines of the trace after which the power may go: every one that changed the disk, or made it last. */
  moments: number[]
}

/**
 * Runs a script in Node under strace to its end and records what it does below `<folder>/disk`, which is given to it as
 * its argument, is not there yet, and whose parent is there for good. It ends by itself, or by a SIGKILL of its own.
 * @throws Error when it fails; needs strace
 */
export function recordDisk({ script, folder }: { script: string; folder: string }): DiskRecording {
  const [trace, watched] = [join(folder, 'trace'), join(folder, 'disk')]
  const options = ['-f', '-xx', '-s', '10000000', '-e', 'abbrev=none', '-e', 'signal=none', '-o', trace]
  const { signal, status, stderr } = spawnSync(
    'strace',
    [...options, '-e', `trace=${TRACED_CALLS}`, process.execPath, script, watched],
    // Calls that go through a ring in memory would not be seen.
    { encoding: 'utf8', env: { ...process.env, UV_USE_IO_URING: '0' } },
  )
  if (signal !== 'SIGKILL' && status !== 0)
    throw new Error(`the process under watch did not come to its end: ${stderr}`)
  const calls = readTrace(readFileSync(trace, 'latin1'))
  const promises = new Map<string, number>()
  for (const call of calls)
    if (call.type === 'ask' && call.path.startsWith(PROMISED)) promises.set(call.path.slice(PROMISED.length), call.at)
  const disk = replay(calls, folder)
  return { calls, disk, promises, moments: disk.moments }
}
