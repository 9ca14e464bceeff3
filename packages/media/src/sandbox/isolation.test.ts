import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { MediaConfig, toLimits } from '../config.ts'
import { hostTool } from './host-tool.ts'
import { candidates, findIsolation, whyNot } from './isolation.ts'

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

it('is not tried again in a process in which it was found', async () => {
  const first = await findIsolation({ limits, sandbox: 'auto', tools: null, folder: tmpdir() })
  // No sandbox can show a folder that is not there.
  const second = await findIsolation({ limits, sandbox: 'auto', tools: null, folder: '/nowhere/at/all' })
  expect([second.name, second.level]).toEqual([first.name, first.level])
})

it('takes no sandbox in which Node tells its version and does not start', async () => {
  const tooTight = [hostTool('prlimit'), '--as=400000000']
  const { status } = spawnSync(tooTight[0] ?? '', [...tooTight.slice(1), process.execPath, '--version'])
  expect(status).toBe(0)
  expect(await whyNot(tooTight)).not.toBeNull()
  expect(await whyNot([])).toBeNull()
})
