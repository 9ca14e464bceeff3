import { expect, it } from 'vitest'
import { MediaConfig, toLimits } from '../config.ts'
import { candidates } from './isolation.ts'

const limits = toLimits(MediaConfig.parse({}))
const GUARD = ['--pdeathsig', '--no-new-privs', '--core=0', /^--nofile=/, /^--fsize=/, /^--data=/, '--cpu=9']

/**
 * Several of these are second lines: with one of them missing another still holds, so no hijacked decoder shows that it is
 * gone. This list does; what can be shown is in `test/sandbox-defences.test.ts`.
 */
it.each([
  [
    'bubblewrap',
    [
      ...[...GUARD, '--unshare-user', '--disable-userns', '--unshare-pid', '--as-pid-1', '--unshare-net'],
      ...['--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--die-with-parent', '--new-session', '--clearenv'],
      ...['--size', '--tmpfs', '--remount-ro', '--filter'],
    ],
  ],
  ['landlock', [...GUARD, '--filter', '--read', '--write']],
  ['unshare', [...GUARD, '--user', '--pid', '--kill-child=SIGKILL', '--mount-proc', '--net', '--ipc', '--uts']],
  ['guard', GUARD],
])('%s has every defence that it is to have', (name, flags) => {
  const prefix = candidates(limits, null)
    .find(candidate => candidate.name === name)
    ?.prefix({ folder: '/job', maxCpuSec: 9 })
  for (const flag of flags) expect(prefix).toContainEqual(flag instanceof RegExp ? expect.stringMatching(flag) : flag)
})
