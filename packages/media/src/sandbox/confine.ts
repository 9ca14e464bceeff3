import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { hostTool } from './host-tool.ts'
import type { SandboxAccess } from './isolation.ts'
import { seccompFilter } from './seccomp-filter.ts'
import { CODE, LIBRARY_FOLDERS, SYSTEM_FILES } from './visible-files.ts'

const SCRIPT = fileURLToPath(new URL('./confine.pl', import.meta.url))

/** What Node and ffmpeg read of themselves and of the machine. */
const KERNEL_FILES = ['/proc/self', '/proc/meminfo', '/proc/cpuinfo', '/proc/stat', '/dev/urandom', '/dev/zero']
/** Where there is one, Node does not start without reading it, and all that it includes: of Debian, and of Fedora. */
const OPENSSL = ['/etc/ssl/openssl.cnf', '/etc/pki/tls/openssl.cnf', '/etc/pki/tls/openssl.d', '/etc/crypto-policies']

/**
 * Returns the command that leaves a decoder few system calls, for a sandbox that hides files and processes already. Nothing where this host cannot do it: no
 * Perl, or another architecture than x64 and arm64.
 */
export function fewSyscalls(): string[] {
  const filter = seccompFilter({ signals: true })
  const perl = hostTool('perl')
  return filter === null || !existsSync(perl) ? [] : [perl, SCRIPT, '--filter', filter.toString('hex'), '--']
}

/**
 * Returns the command that shuts a decoder in without namespaces, which containers do not get: Landlock shows the system's programs, our code and one folder;
 * seccomp leaves it no sockets, no signals to others and no process group of its own. Metadata of other files stay readable to whoever knows their names.
 */
export function landlock({ folder, readable }: SandboxAccess, programs: readonly string[]): string[] {
  const filter = seccompFilter({ signals: false })
  const read = [
    '/usr',
    ...LIBRARY_FOLDERS,
    ...SYSTEM_FILES,
    ...KERNEL_FILES,
    ...OPENSSL,
    ...CODE,
    readable ?? [],
    ...programs,
  ].flat()
  const write = [folder, '/dev/null']
  return [
    ...[hostTool('perl'), SCRIPT, '--filter', filter?.toString('hex') ?? ''],
    ...read.flatMap(path => ['--read', path]),
    ...write.flatMap(path => ['--write', path]),
    '--',
  ]
}
