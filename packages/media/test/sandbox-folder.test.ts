import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Facts, Limits, MediaPool, MediaPoolOptions, Plan } from '../src/index.ts'
import { clear, lendTo, newProcessFolder, removeFolder, takeFrom } from '../src/sandbox/process-folder.ts'
import type { Act } from './fixtures/hostile-child.ts'
import { processesNamed } from './hostile.ts'
import { markedLimits, processesOf, tempDir, testPool } from './pool.ts'

const HOSTILE = fileURLToPath(new URL('./fixtures/hostile-child.ts', import.meta.url))

let limits: Limits
let pool: MediaPool
let tempRoot: string
afterEach(() => pool?.close())

/** A pool of one process, of which all decoders have been taken over. */
async function start(options: Partial<MediaPoolOptions> = {}): Promise<void> {
  limits = markedLimits()
  tempRoot = await tempDir()
  pool = await testPool(limits, { size: 1, tempRoot, entry: HOSTILE, ...options })
}

const PLANNED = { name: 'cover', extension: 'webp', contentType: 'image/webp', width: 8, height: 8 }
const ANNOUNCED = { name: 'cover', byteSize: 6, width: 8, height: 8, sha256: 'a'.repeat(64) }
const announce = (id: number) => JSON.stringify({ type: 'variant', id, variant: ANNOUNCED })

interface JobOptions {
  isFresh?: boolean
  projectId?: string
  variants?: object[]
}

/** One job in which the decoder does this; what came of it. */
async function job(act: Act, { isFresh = false, projectId = 'p', variants = [] }: JobOptions = {}) {
  const workDir = await tempDir()
  const file = path.join(workDir, 'source')
  await writeFile(file, JSON.stringify(act))
  const options = { projectId, signal: new AbortController().signal, timeoutMs: 20_000, isFresh }
  const input = { file, facts: {} as Facts, plan: { variants } as unknown as Plan, outDir: workDir }
  let answer = ''
  const onProgress = ({ stage }: { stage: string }) => {
    answer = stage
  }
  const ended = await pool.withChild(options, child =>
    child
      .render(input, { onVariant: () => undefined, onProgress })
      .then(() => 'done')
      .catch(error => error.code as string),
  )
  return { answer, ended, workDir }
}

describe.each([false, true])('the folder of a process (fresh: %s)', isFresh => {
  it('has the file of its job in it, and that of no other', async ctx => {
    await start()
    if (pool.sandbox.level !== 'full') ctx.skip(`the host hides no files: ${pool.sandbox.reason}`)
    const { workDir, answer } = await job({ do: 'list', path: tempRoot }, { isFresh })
    // Landlock refuses what bubblewrap does not show.
    const isRefusing = pool.sandbox.name === 'landlock'
    expect(answer).toMatch(isRefusing ? /^failed: EACCES$/ : /^process-\w{6}$/)
    await writeFile(path.join(workDir, 'secret'), 'secret')
    for (const hidden of [path.join(workDir, 'source'), path.join(workDir, 'secret')])
      expect((await job({ do: 'read', path: hidden }, { isFresh })).answer).toBe(
        isRefusing ? 'failed: EACCES' : 'failed: ENOENT',
      )
  })

  it('is no way to a file of ours: a link in the place of a variant is none, and is not followed', async () => {
    await start()
    const secret = path.join(await tempDir(), 'secret')
    await writeFile(secret, 'secret')
    const act: Act = { do: 'plant', name: 'cover.webp', linkTo: secret, lines: [announce(1)] }
    expect(await job(act, { isFresh, variants: [PLANNED] })).toMatchObject({ ended: 'WORKER_CRASHED' })
    expect(await readFile(secret, 'utf8')).toBe('secret')
  })

  it('is another one when a cleaner has removed it, and those above it', async () => {
    await start()
    await job({ do: 'handles' }, { isFresh })
    rmSync(tempRoot, { recursive: true })
    expect(await job({ do: 'handles' }, { isFresh })).toMatchObject({ ended: 'done' })
  })

  it('is gone with the process', async () => {
    await start()
    await job({ do: 'handles' }, { isFresh })
    expect(readdirSync(tempRoot)).not.toEqual([])
    await pool.close()
    expect(readdirSync(tempRoot)).toEqual([])
  })
})

describe('what a warm process leaves', () => {
  it('is removed before its next job, and the process is kept', async () => {
    await start()
    await job({ do: 'handles' })
    const own = readdirSync(tempRoot).map(name => path.join(tempRoot, name))
    expect(own).not.toEqual([])
    await Promise.all(own.map(folder => job({ do: 'write', path: folder })))
    expect(own.flatMap(folder => readdirSync(folder))).toEqual([])
    const before = processesOf(limits)
    await job({ do: 'handles' })
    expect(processesOf(limits)).toEqual(before)
  })

  it('is the end of it where it is more than files', async () => {
    await start()
    await job({ do: 'handles' })
    const before = processesOf(limits)
    expect(await job({ do: 'plant', name: 'folder', lines: [] })).toMatchObject({ ended: 'done' })
    await vi.waitFor(() => expect(before.every(pid => processesOf(limits).includes(pid))).toBe(false), {
      timeout: 20_000,
    })
  })
})

/** Ticks that all processes of this pool have used so far. */
const cpuTicks = () =>
  processesOf(limits)
    .map(pid => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [])
    .reduce((sum, fields) => sum + Number(fields[11]) + Number(fields[12]), 0)

describe('between two jobs', () => {
  it('a warm process does not run, and does when it has the next one', async ctx => {
    await start()
    if (pool.sandbox.level !== 'full') ctx.skip(`no namespaces: ${pool.sandbox.reason}`)
    expect(await job({ do: 'spin' })).toMatchObject({ ended: 'done' })
    const ticksOfASecond = async () => {
      const before = cpuTicks()
      await sleep(1000)
      return cpuTicks() - before
    }
    // The spare that takes its place may still be coming up.
    await expect.poll(ticksOfASecond).toBeLessThan(5)
    const pids = processesOf(limits)
    expect(await job({ do: 'handles' })).toMatchObject({ ended: 'done' })
    expect(processesOf(limits)).toEqual(pids)
  })

  it('a warm process that left something running is ended with it', async ctx => {
    await start()
    if (pool.sandbox.level !== 'full') ctx.skip(`no namespaces: ${pool.sandbox.reason}`)
    const marker = `darkroom-left-${process.pid}`
    const command = ['/bin/sh', '-c', 'while :; do /bin/sleep 1; done', marker]
    expect(await job({ do: 'start', command })).toMatchObject({ ended: 'done' })
    await vi.waitFor(() => expect(processesNamed(marker)).toEqual([]), { timeout: 20_000 })
  })
})

describe('files that go in and out', () => {
  it('are not lent through a link', async () => {
    const folder = newProcessFolder(await tempDir())
    const [file, victim] = [path.join(await tempDir(), 'file'), path.join(await tempDir(), 'victim')]
    await Promise.all([writeFile(file, 'file'), writeFile(victim, 'victim')])
    await symlink(victim, path.join(folder, 'source'))
    expect(await readFile(await lendTo(folder, file), 'utf8')).toBe('file')
    expect(await readFile(victim, 'utf8')).toBe('victim')
  })

  it('cannot be lent to a process that has put a folder there, or has none any more', async () => {
    const folder = newProcessFolder(await tempDir())
    await mkdir(path.join(folder, 'source'))
    await expect(lendTo(folder, HOSTILE)).rejects.toMatchObject({ code: 'WORKER_CRASHED' })
    await expect(lendTo(path.join(folder, 'nowhere'), HOSTILE)).rejects.toMatchObject({ code: 'WORKER_CRASHED' })
  })

  it('are gone with the folder also when they are lent while it is removed', async () => {
    const root = await tempDir()
    for (let time = 0; time < 300; time++) {
      const folder = newProcessFolder(root)
      const lend = () => lendTo(folder, HOSTILE).catch(() => undefined)
      await Promise.all([lend(), removeFolder(folder), lend()])
    }
    expect(readdirSync(root)).toEqual([])
  })

  it('are taken as they are, links too, and are nothing where there is none', async () => {
    const [folder, to] = [await tempDir(), await tempDir()]
    await symlink('/etc/passwd', path.join(folder, 'a'))
    expect(takeFrom(folder, 'a', path.join(to, 'a'))?.isSymbolicLink()).toBe(true)
    expect(existsSync(path.join(folder, 'a'))).toBe(false)
    expect(takeFrom(folder, 'b', path.join(to, 'b'))).toBeNull()
  })

  it('are removed without a step into a folder', async () => {
    const [folder, other] = [await tempDir(), await tempDir()]
    await writeFile(path.join(other, 'mine'), '')
    await Promise.all([symlink(other, path.join(folder, 'a')), writeFile(path.join(folder, 'b'), '')])
    expect(await clear(folder)).toBe(true)
    expect([readdirSync(folder), readdirSync(other)]).toEqual([[], ['mine']])
    await mkdir(path.join(folder, 'c'))
    expect(await clear(folder)).toBe(false)
  })
})
