import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { processIdentity } from './process-identity.ts'
import { findLockHolder, processLocksIn, takeProcessLock } from './process-lock.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'process-lock-'))
  file = join(folder, 'lock')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function take() {
  const taken = takeProcessLock(file)
  if (!('lock' in taken)) throw new Error(`process ${taken.holder.pid} has it`)
  return taken.lock
}

it('is had by one process, until it gives it back', async () => {
  const lock = take()
  expect(takeProcessLock(file)).toEqual({ holder: { pid: process.pid, note: undefined } })
  lock.release()
  expect(findLockHolder(file)).toBeNull()
  take().release()
  expect(await readdir(folder)).toEqual([])
})

it('tells what its holder says', () => {
  take().tell({ url: 'http://127.0.0.1:3000' })
  expect(findLockHolder(file)).toEqual({ pid: process.pid, note: { url: 'http://127.0.0.1:3000' } })
})

it.each([
  ['by a process that is no more', identityOfTheDead],
  ['by one whose number another process has now', async () => `${process.pid} 1`],
  ['before the machine was started again', async () => `${processIdentity(process.pid)}\nanother boot\n`],
  ['torn by a power cut', async () => ''],
  ['torn in the middle', async () => String(process.pid)],
])('is taken over when it was left behind %s', async (_, left) => {
  await writeFile(file, await left())
  expect(findLockHolder(file)).toBeNull()
  take()
  expect(findLockHolder(file)?.pid).toBe(process.pid)
  expect(await readdir(folder)).toEqual(['lock'])
})

async function identityOfTheDead(): Promise<string> {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' })
  const identity = processIdentity(child.pid ?? 0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  if (identity === null) throw new Error('it never lived')
  return identity
}

describe('the locks of a folder', () => {
  const locks = () => processLocksIn(join(folder, 'locks'))

  it('are had by one process, until it gives them back', async () => {
    const [first, second] = [locks()('a'), locks()('b')]
    if (!('lock' in first && 'lock' in second)) throw new Error('somebody has it')
    expect(locks()('a')).toEqual({ holder: { pid: process.pid, note: undefined } })
    expect(findLockHolder(join(folder, 'locks', 'b'))).toEqual({ pid: process.pid, note: undefined })
    first.lock.release()
    expect(locks()('a')).toHaveProperty('lock')
    second.lock.release()
    expect((await readdir(join(folder, 'locks'))).toSorted()).toEqual([`${process.pid}.process`, 'a'].toSorted())
  })

  it('are had again after somebody has emptied the folder', async () => {
    expect(locks()('a')).toHaveProperty('lock')
    await rm(join(folder, 'locks'), { recursive: true })
    expect(locks()('a')).toHaveProperty('lock')
    expect(findLockHolder(join(folder, 'locks', 'a'))?.pid).toBe(process.pid)
  })

  it('leave nothing of a process that ends, and the next removes what one left that was killed', async () => {
    const program = (end: string) => `
      import { processLocksIn } from ${JSON.stringify(join(import.meta.dirname, 'process-lock.ts'))}
      const taken = processLocksIn(${JSON.stringify(join(folder, 'locks'))})('a')
      console.log('lock' in taken)
      ${end}`
    const run = (end: string) => spawnSync(process.execPath, ['--input-type=module', '-e', program(end)])
    expect(run("process.kill(process.pid, 'SIGKILL')").stdout.toString()).toBe('true\n')
    expect(await readdir(join(folder, 'locks'))).toHaveLength(2)
    expect(run('taken.lock.release()').stdout.toString()).toBe('true\n')
    expect(await readdir(join(folder, 'locks'))).toEqual([])
  })
})
