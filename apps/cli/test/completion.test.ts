import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useResource } from '@darkroom/testing/use-resource'
import { describe, expect, it, vi } from 'vitest'
import { answerShell } from '../src/completion/answer-shell.ts'
import { writeProfiles } from '../src/profiles/profiles.ts'
import { runCommand, startProgramInTerminal } from './harness.ts'

/** Somebody who has two logins and a file. */
async function createHome() {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-completion-test-'))
  const env = { HOME: folder, XDG_CONFIG_HOME: join(folder, '.config') }
  const [url, key] = ['http://127.0.0.1:1', 'dk_x']
  await writeProfiles(env, { current: 'laptop', profiles: { laptop: { url, key }, shop: { url, key } } })
  await mkdir(join(folder, 'files'))
  await writeFile(join(folder, 'files/holiday.jpg'), '')
  return { folder, env }
}
const home = useResource(createHome, ({ folder }) => rm(folder, { recursive: true, force: true }))

/** A bash that has read the script, and is asked by its own Tab. */
async function startBash() {
  const { out } = await runCommand(['completion', 'bash'])
  await writeFile(join(home.folder, 'completion.sh'), out)
  const env = { ...home.env, INPUTRC: '/dev/null', TERM: 'dumb', PS1: '' }
  const bash = startProgramInTerminal(['bash', '--norc', '--noprofile', '-i'], env, {
    cwd: join(home.folder, 'files'),
  })
  bash.type('PS1=ready-; bind "set enable-bracketed-paste off"; source ../completion.sh\r')
  await vi.waitFor(() => expect(bash.shown()).toMatch(/ready-$/), { timeout: 60_000 })
  return bash
}
const bash = useResource(startBash, async ({ type, ended }) => {
  type('\u0015exit\r')
  await ended
})

describe('a Tab in bash', () => {
  it.each([
    ['a command', 'darkroom uplo', 'darkroom upload '],
    ['a command below a command', 'darkroom queues resu', 'darkroom queues resume '],
    ['an option', 'darkroom ls 2026/summer --exter', 'darkroom ls 2026/summer --external-id '],
    ['an option of all commands', 'darkroom get --prof', 'darkroom get --profile '],
    ['a value', 'darkroom jobs list --status fai', 'darkroom jobs list --status failed '],
    ['a value after an equals sign', 'darkroom ls --status=awai', 'darkroom ls --status=awaiting_upload '],
    ['a profile', 'darkroom --profile lap', 'darkroom --profile laptop '],
    ['a profile as an argument', 'darkroom profiles use sh', 'darkroom profiles use shop '],
    ['a preset', 'darkroom upload --preset gall', 'darkroom upload --preset gallery '],
    ['a file', 'darkroom upload --tag up holi', 'darkroom upload --tag up holiday.jpg '],
  ])('completes %s', async (_, typed, completed) => {
    const before = bash.shown().length
    bash.type(`${typed}\t`)
    await expect.poll(() => bash.shown().slice(before)).toContain(completed)
    bash.type('\u0015')
  })
})

describe('the answer to', () => {
  it.each([
    ['zsh', 'darkroom queues p', ['pause:start no more jobs of a queue; uploads are accepted and wait']],
    ['zsh', 'darkroom ls --status=par', ['--status=partial']],
    ['zsh', 'cd darkroom; darkroom upload holi', ['__tabtab_complete_files__']],
    ['fish', 'darkroom takedowns li', ['list\tlist takedowns, newest first, including lifted ones', 'lift\t']],
    ['fish', 'darkroom get 1 thumb --output holi', ['__tabtab_complete_files__']],
    ['pwsh', 'darkroom ls --status=par', ['partial']],
    ['pwsh', 'darkroom upload holi', []],
    ['fish', 'darkroom rm ', []],
  ])('%s for "%s"', async (SHELL, line, expected) => {
    const lines: string[] = []
    vi.spyOn(console, 'log').mockImplementation(text => void lines.push(text))
    await answerShell({ SHELL, COMP_LINE: line, COMP_POINT: String(line.length), COMP_CWORD: '1' })
    expect(lines).toEqual(expected.map(text => expect.stringContaining(text)))
  })
})

it.each(['zsh', 'fish', 'pwsh'])('prints a script for %s that asks this command line', async shell => {
  const { code, out } = await runCommand(['completion', shell])
  expect([code, out]).toEqual([0, expect.stringContaining('completion-server')])
})

it('knows no other shell', async () => {
  expect(await runCommand(['completion', 'tcsh'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('bash, fish, pwsh, zsh'),
  })
})
