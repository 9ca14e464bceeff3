import { release } from 'node:os'
import type { Limits } from '../limits.ts'
import { hostTool } from './host-tool.ts'

const GIB = 1024 ** 3
const MAX_OPEN_FILES = 512
/** Processes and threads. */
const MAX_TASKS = 1024

/** Dies with the worker, gains no privileges, dumps no core, and cannot use memory, disk, files or CPU without end. */
export const resourceLimitArgs = (limits: Limits, maxCpuSec?: number): string[] => [
  ...[hostTool('setpriv'), '--pdeathsig', 'KILL', '--no-new-privs'],
  ...[hostTool('prlimit'), '--core=0', `--nofile=${MAX_OPEN_FILES}`, `--fsize=${limits.maxOutputBytes}`],
  // Data counts what V8 and the threads reserve as well, so it stands a GiB above the limit that the parent watches.
  `--data=${limits.maxRssBytes + GIB}`,
  ...(maxCpuSec === undefined ? [] : [`--cpu=${maxCpuSec}`]),
]

/**
 * Ends a fork bomb, unless the worker is root, whom Linux exempts. Only inside a user namespace, where the kernel counts
 * its processes alone; before Linux 5.14 it counted all of the worker's user, and a busy host would let nothing start.
 */
export const taskLimitArgs = (kernel = release()): string[] =>
  countsPerNamespace(kernel) ? [hostTool('prlimit'), `--nproc=${MAX_TASKS}`] : []

function countsPerNamespace(kernel: string): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map(part => Number.parseInt(part, 10))
  return major > 5 || (major === 5 && minor >= 14)
}
