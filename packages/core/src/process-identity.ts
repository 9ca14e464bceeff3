import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Returns what tells one process from a later one with the same number: its start, on Linux counted from the boot of the machine. Null
 * when there is no such process, or only its zombie.
 */
export function processIdentity(pid: number): string | null {
  if (!Number.isInteger(pid) || pid < 1) return null
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid)
}

function fromProc(pid: number): string | null {
  const stat = readOrNull(`/proc/${pid}/stat`)
  if (stat === null) return null
  // After the name, which may hold spaces and brackets: state is the 3rd field of proc(5), start time the 22nd.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, startTicks] = [fields[0], fields[22 - 3]]
  return state === 'Z' || state === 'X' || startTicks === undefined ? null : `${pid} ${startTicks}`
}

/** Returns the same by `ps`, where there is no /proc. It writes the start as a local time, in the language and time zone of who asks. */
export function fromPs(pid: number): string | null {
  const { status, stdout } = spawnSync('ps', ['-p', `${pid}`, '-o', 'stat=,lstart='], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC0' },
  })
  if (status !== 0 || stdout.startsWith('Z')) return null
  return `${pid} ${stdout.trim().replace(/^\S+\s+/, '')}`
}

/** Returns what tells one boot of this machine from another; '' where the system does not say. */
export const bootIdentity = (): string => readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? ''

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    // ESRCH: it ended between open and read.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return null
    throw error
  }
}
