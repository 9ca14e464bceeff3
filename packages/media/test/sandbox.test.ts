import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { appError, PresetDefinition } from '@darkroom/contracts'
import sharp from 'sharp'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { type Limits, plan } from '../src/index.ts'
import { markedLimits, processesOf, processFile, tempDir, testPool, usePool } from './pool.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url))
const quick = PresetDefinition.parse({ image: { variants: [{ name: 'tiny', width: 16, format: 'webp' }] } })
const slow = PresetDefinition.parse({
  image: {
    variants: [
      { name: 'tiny', width: 16, format: 'webp' },
      { name: 'slow', width: 4000, format: 'avif', quality: 90 },
    ],
  },
})

const declaredType = 'image/png'
let file: string
beforeAll(async () => {
  file = path.join(await tempDir(), 'noise.png')
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 }
  await sharp({ create: { width: 3000, height: 2000, channels: 3, background: '#888', noise } })
    .png()
    .toFile(file)
})

const killAll = (limits: Limits): void => {
  for (const pid of processesOf(limits)) process.kill(pid, 'SIGKILL')
}
const gone = (limits: Limits) => vi.waitFor(() => expect(processesOf(limits)).toEqual([]), { timeout: 10_000 })

describe('the pool', () => {
  const limits = markedLimits()
  const pool = usePool(limits)
  const works = async () =>
    expect((await processFile(pool, { file, declaredType, definition: quick })).variants).toHaveLength(1)

  it('survives a process that is killed in the middle of a render', async () => {
    const onVariant = () => killAll(limits)
    await expect(processFile(pool, { file, declaredType, definition: slow, onVariant })).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
    })
    // The spare died with it; the pool learns of that by an event of its own, which may come a moment later.
    await sleep(500)
    await works()
  })

  it('ends a job that takes longer than its time', async () => {
    const startedMs = performance.now()
    await expect(processFile(pool, { file, declaredType, definition: slow, timeoutMs: 500 })).rejects.toMatchObject({
      code: 'TIMEOUT',
    })
    // The whole job would take minutes.
    expect(performance.now() - startedMs).toBeLessThan(15_000)
    await works()
  })

  it.each([
    ['with the reason of the signal when it is an AppError', appError('ASSET_DELETED'), 'ASSET_DELETED'],
    ['with LEASE_LOST when it is anything else', new Error('renewal failed'), 'LEASE_LOST'],
  ])('calls a job off %s', async (_title, reason, code) => {
    const controller = new AbortController()
    const onVariant = () => controller.abort(reason)
    const job = processFile(pool, { file, declaredType, definition: slow, onVariant, signal: controller.signal })
    await expect(job).rejects.toMatchObject({ code })
    await works()
  })

  it('fails with the error of a listener that throws', async () => {
    const onVariant = () => {
      throw new Error('the upload failed')
    }
    await expect(processFile(pool, { file, declaredType, definition: slow, onVariant })).rejects.toThrow(
      'the upload failed',
    )
    await works()
  })

  it('reports a variant that fails alone, and makes the others', async () => {
    const wide = path.join(await tempDir(), 'wide.png')
    await sharp({ create: { width: 16_384, height: 2, channels: 3, background: '#f00' } })
      .png()
      .toFile(wide)
    const variants = [
      { name: 'too-large', format: 'jpeg', maxBytes: 500 },
      { name: 'fine', format: 'png' },
    ]
    const definition = PresetDefinition.parse({ image: { variants } })
    const { reports } = await processFile(pool, { file: wide, declaredType, definition })
    expect(reports.map(report => [report.name, 'error' in report && report.error.code])).toEqual([
      ['too-large', 'OUTPUT_TOO_LARGE'],
      ['fine', false],
    ])
  })

  it('makes only what was asked for', async () => {
    const outDir = await tempDir()
    const options = { projectId: 'p', signal: new AbortController().signal, timeoutMs: 20_000 }
    const names = await pool.withChild(options, async child => {
      const facts = await child.probe({ file, declaredType })
      const made: string[] = []
      const input = { file, facts, plan: plan(facts, slow), outDir, only: ['tiny'] }
      await child.render(input, { onVariant: ({ name }) => made.push(name) })
      return made
    })
    expect(names).toEqual(['tiny'])
  })

  it('keeps a process for its project and never gives it to another', async () => {
    const pids = async (projectId: string) => {
      const before = processesOf(limits)
      await processFile(pool, { file, declaredType, definition: quick, projectId })
      await sleep(300)
      return { before, after: processesOf(limits) }
    }
    await pids('first')
    const again = await pids('first')
    expect(again.after).toEqual(again.before)
    await pids('second')
    const third = await pids('third')
    expect(third.after).not.toEqual(again.before)
  })

  it('never works on more jobs at once than it has places', async () => {
    let most = 0
    let now = 0
    const job = () =>
      pool.withChild({ projectId: 'p', signal: new AbortController().signal, timeoutMs: 20_000 }, async () => {
        most = Math.max(most, ++now)
        await vi.waitFor(() => expect(most).toBe(2), { timeout: 20_000 })
        now--
      })
    await Promise.all(Array.from({ length: 5 }, job))
    expect(most).toBe(2)
  })
})

describe('limits', () => {
  it('ends a process that takes more memory than allowed', async () => {
    const limits = markedLimits({ maxRssBytes: 90 * 1024 * 1024 })
    const pool = await testPool(limits, { size: 1 })
    await expect(processFile(pool, { file, declaredType, definition: slow })).rejects.toMatchObject({
      code: 'RESOURCE_LIMIT',
    })
    await pool.close()
  })

  it('ends a call that takes longer than the limit of a call', async () => {
    const pool = await testPool(markedLimits({ timeoutMs: 700 }), { size: 1 })
    await expect(processFile(pool, { file, declaredType, definition: slow })).rejects.toMatchObject({ code: 'TIMEOUT' })
    await pool.close()
  })

  it('counts the frames of an animation, and their pixels', async () => {
    const gif = path.join(await tempDir(), 'frames.gif')
    const frames = Buffer.alloc(10 * 10 * 3 * 20).map((_, n) => n * 7)
    await sharp(frames, { raw: { width: 10, height: 200, channels: 3, pageHeight: 10 } })
      .gif()
      .toFile(gif)
    const job = { file: gif, declaredType: 'image/gif', definition: quick }
    const pools = await Promise.all([
      testPool(markedLimits({ maxFrames: 19 }), { size: 1 }),
      testPool(markedLimits({ maxPixels: 1999 }), { size: 1 }),
      testPool(markedLimits({ maxPixels: 2000, maxFrames: 20 }), { size: 1 }),
    ])
    const [frameLimit, pixelLimit, enough] = pools
    await expect(processFile(frameLimit, job)).rejects.toMatchObject({ code: 'TOO_MANY_FRAMES' })
    await expect(processFile(pixelLimit, job)).rejects.toMatchObject({ code: 'TOO_MANY_PIXELS' })
    expect((await processFile(enough, job)).facts).toMatchObject({
      animated: true,
      frameCount: 20,
      width: 10,
      height: 10,
    })
    await Promise.all(pools.map(pool => pool.close()))
  })
})

/** Returns what sharp takes a file for in a process of its own: in this one another test file may have blocked loaders. */
function formatBySharp(image: string): string {
  const script = 'import sharp from "sharp"; console.log((await sharp(process.argv[1]).metadata()).format)'
  const args = ['--input-type=module', '-e', script, image]
  return execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim()
}

describe('the decoder', () => {
  it('refuses a loader that is not on the list, even when nothing else has stopped the file', async () => {
    const svg = path.join(await tempDir(), 'logo.svg')
    await writeFile(
      svg,
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    )
    expect(formatBySharp(svg)).toBe('svg')
    const pool = await testPool(markedLimits(), { size: 1 })
    const outDir = await tempDir()
    const options = { projectId: 'p', signal: new AbortController().signal, timeoutMs: 20_000 }
    const rendered = pool.withChild(options, async child => {
      const facts = await child.probe({ file, declaredType })
      await child.render({ file: svg, facts, plan: plan(facts, quick), outDir }, { onVariant: () => undefined })
    })
    await expect(rendered).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      context: expect.objectContaining({ said: expect.stringContaining('unsupported image format') }),
    })
    await pool.close()
  })
})

describe('processes', () => {
  it('are gone after close, those of another pool are not', async () => {
    const [first, second] = [markedLimits(), markedLimits()]
    const [one, two] = await Promise.all([testPool(first), testPool(second)])
    const busy = processFile(one, { file, declaredType, definition: slow }).catch(error => error)
    await sleep(300)
    await one.close()
    expect(processesOf(first)).toEqual([])
    expect((await busy).code).toBe('UNAVAILABLE')
    expect(processesOf(second).length).toBeGreaterThan(0)
    expect((await processFile(two, { file, declaredType, definition: quick })).variants).toHaveLength(1)
    await two.close()
    expect(processesOf(second)).toEqual([])
  })

  it.each(['auto', 'off'])('do not outlive a worker that is killed with -9 (sandbox %s)', async sandbox => {
    const limits = markedLimits()
    const worker = spawn(process.execPath, [fixture('worker.ts'), file, String(limits.timeoutMs), sandbox], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(worker.stdout, 'data')
    expect(processesOf(limits).length).toBeGreaterThan(0)
    worker.kill('SIGKILL')
    await gone(limits)
  })
})

it('says aloud when the sandbox is switched off', async () => {
  const pool = await testPool(markedLimits(), { size: 1, sandbox: 'off' })
  expect(pool.sandbox).toEqual({ name: 'off', level: 'reduced', reason: 'switched off' })
  expect((await processFile(pool, { file, declaredType, definition: quick })).variants).toHaveLength(1)
  await pool.close()
})
