import { existsSync } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { appError, PresetDefinition } from '@darkroom/contracts'
import sharp from 'sharp'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type Limits, type MediaPool, type MediaPoolOptions, plan, type WithChildOptions } from '../src/index.ts'
import { markedLimits, processesOf, tempDir, testPool } from './pool.ts'

const declaredType = 'image/png'
const slow = PresetDefinition.parse({
  image: {
    variants: [
      { name: 'tiny', width: 16, format: 'webp' },
      { name: 'slow', width: 1000, format: 'avif', quality: 90 },
    ],
  },
})

const large = PresetDefinition.parse({
  image: {
    variants: [
      { name: 'tiny', width: 16, format: 'webp' },
      { name: 'large', width: 300, format: 'png' },
    ],
  },
})

let file: string
beforeAll(async () => {
  file = path.join(await tempDir(), 'noise.png')
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 }
  await sharp({ create: { width: 3000, height: 2000, channels: 3, background: '#888', noise } })
    .png()
    .toFile(file)
})

let limits: Limits
let pool: MediaPool
afterEach(() => pool?.close())

async function start(overrides: Partial<Limits> = {}, options: Partial<MediaPoolOptions> = {}): Promise<void> {
  limits = markedLimits(overrides)
  pool = await testPool(limits, options)
}

interface Job extends WithChildOptions {
  workDir: string
}

/** A job for a process of its own, with the source in its folder. */
async function newJob(over: Partial<WithChildOptions> = {}): Promise<Job> {
  const workDir = await tempDir()
  await copyFile(file, path.join(workDir, 'source'))
  const signal = new AbortController().signal
  return { projectId: 'p', workDir, signal, timeoutMs: 60_000, isFresh: true, ...over }
}

const sourceOf = ({ workDir }: Job) => path.join(workDir, 'source')
const probe = (job: Job) => pool.withChild(job, child => child.probe({ file: sourceOf(job), declaredType }))

const render = (job: Job, definition = slow, onVariant: () => void = () => undefined) =>
  pool.withChild(job, async child => {
    const facts = await child.probe({ file: sourceOf(job), declaredType })
    const input = { file: sourceOf(job), facts, plan: plan(facts, definition), outDir: job.workDir }
    const reports: (string | undefined)[] = []
    await child.render(input, {
      onVariant: variant => {
        reports.push('error' in variant ? variant.error.code : variant.name)
        onVariant()
      },
    })
    return reports
  })

it('serves one job, is gone when that is over, and leaves the warm ones alone', async () => {
  await start()
  await vi.waitFor(() => expect(processesOf(limits)).not.toEqual([]), { timeout: 20_000 })
  const before = processesOf(limits)
  const job = await newJob()
  const during = await pool.withChild(job, async child => {
    await child.probe({ file: sourceOf(job), declaredType })
    return processesOf(limits)
  })
  expect(during.length).toBeGreaterThan(before.length)
  expect(processesOf(limits)).toEqual(before)
})

it('takes its turn with the others', async () => {
  await start()
  let now = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++now)
    await vi.waitFor(() => expect(most).toBe(2), { timeout: 20_000 })
    now -= 1
  }
  const jobs = await Promise.all([true, false, true, false, true].map(isFresh => newJob({ isFresh })))
  await Promise.all(jobs.map(job => pool.withChild(job, work)))
  expect(most).toBe(2)
})

it('may take longer for a call than a warm process, as long as the job may', async () => {
  await start({ timeoutMs: 300 })
  await expect(render(await newJob({ isFresh: false }))).rejects.toMatchObject({ code: 'TIMEOUT' })
  expect(await render(await newJob())).toEqual(['tiny', 'slow'])
})

it('ends with the time of the job, also when it is still coming up', async () => {
  await start()
  await expect(probe(await newJob({ timeoutMs: 1 }))).rejects.toMatchObject({ code: 'TIMEOUT' })
})

it('writes no more when the job was called off, so that its folder can go', async () => {
  await start()
  const before = processesOf(limits)
  const controller = new AbortController()
  const job = await newJob({ signal: controller.signal })
  const rendered = render(job, slow, () => controller.abort(appError('ASSET_DELETED')))
  await expect(rendered).rejects.toMatchObject({ code: 'ASSET_DELETED' })
  expect(processesOf(limits)).toEqual(before)
  await rm(job.workDir, { recursive: true })
  expect(existsSync(job.workDir)).toBe(false)
})

it('ends with the pool', async () => {
  await start()
  const first = Promise.withResolvers<void>()
  const rendered = render(await newJob(), slow, first.resolve).catch(error => error)
  await first.promise
  await pool.close()
  expect(processesOf(limits)).toEqual([])
  expect((await rendered).code).toBe('UNAVAILABLE')
})

it.each([true, false])('writes no file that is larger than the limit (fresh: %s)', async isFresh => {
  await start({ maxOutputBytes: 50_000 })
  expect(await render(await newJob({ isFresh }), large)).toEqual(['tiny', 'OUTPUT_TOO_LARGE'])
})
