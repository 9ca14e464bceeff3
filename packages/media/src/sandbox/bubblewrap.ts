import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { ENVIRONMENT } from './environment.ts'
import { hostTool } from './host-tool.ts'
import type { SandboxAccess } from './isolation.ts'
import { CODE, LIBRARY_FOLDERS, SYSTEM_FILES } from './visible-files.ts'

const TEMP_BYTES = 64 * 1024 * 1024

const readOnly = (path: string): string[] => ['--ro-bind', path, path]
const readOnlyIfThere = (path: string): string[] => ['--ro-bind-try', path, path]

/**
 * Returns the command line of bubblewrap that shows the system's programs, our code and one folder: no network, no other process, no file of the worker.
 * Only `folder` can be written to, apart from a small `/tmp` in memory; `programs` are shown where they lie outside of /usr.
 */
export function bubblewrap({ folder, readable }: SandboxAccess, programs: readonly string[]): string[] {
  // In their order: what is mounted later lies on top.
  const layers = {
    user: ['--unshare-user', '--uid', '1000', '--gid', '1000', '--disable-userns'],
    // Node is process 1, so that bubblewrap ends when all processes are gone, and not before.
    processes: ['--unshare-pid', '--as-pid-1'],
    network: ['--unshare-net'],
    host: ['--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
    life: ['--die-with-parent', '--new-session'],
    environment: ['--clearenv', ...Object.entries(ENVIRONMENT).flatMap(([name, value]) => ['--setenv', name, value])],
    system: [...readOnly('/usr'), ...LIBRARY_FOLDERS.flatMap(asOnHost), ...SYSTEM_FILES.flatMap(readOnlyIfThere)],
    kernel: ['--proc', '/proc', '--dev', '/dev'],
    temp: ['--size', String(TEMP_BYTES), '--tmpfs', '/tmp'],
    job: ['--bind', folder, folder],
    code: [...CODE, ...(readable === undefined ? [] : [readable])].flatMap(readOnly),
    programs: programs.flatMap(program),
    // The root and /dev are file systems in memory: what is written there would be counted nowhere.
    sealed: ['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', '/'],
  }
  return [hostTool('bwrap'), ...Object.values(layers).flat(), '--']
}

/**
 * Returns the arguments for a folder as it is on the host: Debian's /lib is a link into /usr, elsewhere it is a folder.
 */
function asOnHost(path: string): string[] {
  if (!existsSync(path)) return []
  return lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : readOnly(path)
}

function program(path: string): string[] {
  const real = existsSync(path) ? realpathSync(path) : path
  const hidden = [...new Set([path, real])].filter(one => !one.startsWith('/usr/'))
  return hidden.flatMap(one => ['--ro-bind-try', real, one])
}
