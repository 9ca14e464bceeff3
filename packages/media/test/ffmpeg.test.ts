import { readdirSync, readFileSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { PresetDefinition } from '@darkroom/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MediaFault } from '../src/fault.ts'
import { ffmpegVersion } from '../src/ffmpeg/ffmpeg-version.ts'
import { probeStreams } from '../src/ffmpeg/probe-streams.ts'
import { type FfmpegJob, runFfmpeg } from '../src/ffmpeg/run-ffmpeg.ts'
import { findTools, type Limits, type MediaPool, plan } from '../src/index.ts'
import { markedLimits, tempDir, testPool } from './pool.ts'
import { H264, LIMITS, noFfmpeg, testsrc, tools, video } from './video-bed.ts'

const run = async (file: string, job: Partial<FfmpegJob> = {}, limits: Partial<Limits> = {}) =>
  runFfmpeg(
    { tools, limits: { ...LIMITS, ...limits }, outDir: await tempDir() },
    { file, type: 'video/mp4', args: ['-map', '0:v', '-f', 'null', '-'], ...job },
  )

/** Of ffmpeg and ffprobe that work on a file. */
const processesOn = (file: string): string[] =>
  readdirSync('/proc').filter(pid => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(file)
    } catch {
      return false
    }
  })

describe.skipIf(noFfmpeg)('ffmpeg', () => {
  let long: string
  beforeAll(async () => {
    long = await video('f.mp4', ...testsrc('640x360', 20, 25), ...H264)
  })

  it('reports how far it is', async () => {
    const parts: number[] = []
    const file = await video('f.mp4', ...testsrc('64x64', 2), ...H264)
    await run(file, { totalMs: 2000, onProgress: part => parts.push(part) })
    expect(parts.at(-1)).toBe(1)
  })

  it.each([
    ['is no video', async () => Buffer.from('hello, this is no video'), 'TRUNCATED_FILE'],
    ['has lost its index', async (video: Buffer) => video.subarray(0, video.length / 2), 'TRUNCATED_FILE'],
    ['is all zeros', async () => Buffer.alloc(100_000), 'TRUNCATED_FILE'],
  ])('of a file that %s: %s', async (_title, damage, code) => {
    const file = await video('f.mp4', ...testsrc('64x64', 1), ...H264)
    await writeFile(file, await damage(await readFile(file)))
    await expect(run(file)).rejects.toMatchObject({ code })
  })

  it.each([
    ['more pixels than allowed', { maxPixels: 100 }, {}, 'TOO_MANY_PIXELS'],
    ['more time than allowed', { maxTranscodeMs: 50 }, {}, 'TIMEOUT'],
    ['larger blocks of memory than allowed', { maxRssBytes: 200_000 }, {}, 'RESOURCE_LIMIT'],
    ['a filter that there is not', {}, { args: ['-vf', 'nosuchfilter', '-f', 'null', '-'] }, 'DECODER_UNAVAILABLE'],
    ['an encoder that there is not', {}, { args: ['-c:v', 'nosuchencoder', '-f', 'null', '-'] }, 'DECODER_UNAVAILABLE'],
    ['a folder that there is not', {}, { args: ['no/such/folder.mp4'] }, 'CORRUPT_FILE'],
    ['a disk that is full', {}, { args: ['-f', 'rawvideo', '/dev/full'] }, 'NO_SPACE'],
  ] as [string, Partial<Limits>, Partial<FfmpegJob>, string][])('that needs %s', async (_title, limits, job, code) => {
    await expect(run(long, job, limits)).rejects.toMatchObject({ code })
    expect(processesOn(long)).toEqual([])
  })

  it('decodes nothing that is not on the list', async () => {
    const file = await video('f.mkv', ...testsrc('64x64', 0.2), '-c:v', 'huffyuv')
    const refused = { code: 'UNSUPPORTED_TYPE' }
    await expect(run(file, { type: 'video/matroska' })).rejects.toMatchObject(refused)
    await expect(probeStreams({ tools, limits: LIMITS }, { file, type: 'video/matroska' })).rejects.toMatchObject(
      refused,
    )
  })

  it('does not read past the longest video that is allowed', async () => {
    const file = await video('f.mp4', ...testsrc('64x64', 5), ...H264)
    const said = await run(file, {}, { maxDurationMs: 1000 })
    expect(/frame=\s*(\d+)/.exec(said)?.[1]).toBe('10')
  })

  it('takes nobody’s word for why it failed', async () => {
    const title = '[error] av_write_frame(): No space left on device'
    const file = await video('f.mp4', ...testsrc('64x64', 0.2), ...H264, '-metadata', `title=${title}\n${title}`)
    await expect(run(file, { args: ['no/such/folder.mp4'] })).rejects.toMatchObject({ code: 'CORRUPT_FILE' })
  })

  it('ends when its listener fails, with what the listener threw', async () => {
    const file = await video('f.mp4', ...testsrc('320x180', 10), ...H264)
    const failing = () => {
      throw new MediaFault('NO_SPACE', 'enough')
    }
    const args = ['-f', 'rawvideo', 'pipe:1']
    await expect(run(file, { args, onData: failing })).rejects.toThrow('enough')
    expect(processesOn(file)).toEqual([])
  })

  it('says which one it is', async () => {
    expect(await ffmpegVersion(tools ?? { ffmpeg: '', ffprobe: '' })).toMatch(/^[\dn]/)
    expect(await ffmpegVersion({ ffmpeg: '/bin/false', ffprobe: '' })).toBeNull()
  })

  it('says it once, however often it is asked', async () => {
    const once = path.join(await tempDir(), 'ffmpeg')
    await writeFile(once, `#!/bin/sh\nrm "$0"\necho 'ffmpeg version 9.9'\n`, { mode: 0o755 })
    const asked = { ffmpeg: once, ffprobe: '' }
    expect([await ffmpegVersion(asked), await ffmpegVersion(asked)]).toEqual(['9.9', '9.9'])
  })

  it('is missed with a code', async () => {
    const job = { file: '/x', type: 'video/mp4', args: [] }
    const context = { tools: null, limits: LIMITS, outDir: '/tmp' }
    await expect(runFfmpeg(context, job)).rejects.toMatchObject({ code: 'DECODER_UNAVAILABLE' })
    await expect(probeStreams(context, job)).rejects.toMatchObject({ code: 'DECODER_UNAVAILABLE' })
  })
})

describe('the tools', () => {
  const twoOf = async (...names: string[]) => {
    const folder = path.join(await tempDir(), 'bin')
    await mkdir(folder)
    for (const name of names) {
      await writeFile(path.join(folder, name), '#!/bin/sh\n')
      await chmod(path.join(folder, name), 0o755)
    }
    return folder
  }

  it('are found on the PATH, in a folder, and beside ffmpeg', async () => {
    const folder = await twoOf('ffmpeg', 'ffprobe')
    const both = { ffmpeg: `${folder}/ffmpeg`, ffprobe: `${folder}/ffprobe` }
    expect(await findTools({ PATH: `/nowhere:${folder}` })).toEqual(both)
    expect(await findTools({ FFMPEG_PATH: folder, PATH: '' })).toEqual(both)
    expect(await findTools({ FFMPEG_PATH: `${folder}/ffmpeg` })).toEqual(both)
  })

  it.each([
    ['one of them is missing', () => twoOf('ffmpeg')],
    ['none is there', () => twoOf()],
  ])('are none when %s', async (_title, folder) => {
    expect(await findTools({ PATH: await folder() })).toBeNull()
    expect(await findTools({ FFMPEG_PATH: await folder(), PATH: process.env.PATH })).toBeNull()
  })
})

describe.skipIf(noFfmpeg)('a job in the sandbox that is called off', () => {
  const limits = markedLimits()
  let pool: MediaPool
  /** How the ffmpegs of this pool, and they alone, name their input. */
  let input: string
  beforeAll(async () => {
    const tempRoot = await tempDir()
    input = `file:${tempRoot}`
    pool = await testPool(limits, { tools, tempRoot })
  })
  afterAll(() => pool?.close())

  it.each([
    ['by its owner', 60_000, 'LEASE_LOST'],
    ['by its time limit', 6000, 'TIMEOUT'],
  ])('%s takes its ffmpeg with it', async (_title, timeoutMs, code) => {
    const workDir = await tempDir()
    const file = path.join(workDir, 'source')
    const one = await video('one.mp4', ...testsrc('640x360', 2, 30), ...H264)
    await cp(await video('long.mp4', '-stream_loop', '100', '-i', one, '-c', 'copy'), file)
    const owner = new AbortController()
    const running = await untilEncoding(pool, { workDir, file, input, owner, timeoutMs }, code === 'LEASE_LOST')
    expect(running.error).toMatchObject({ code })
    expect(running.seen).toBeGreaterThan(0)
    expect(processesOn(input)).toEqual([])
  })
})

interface Job {
  workDir: string
  file: string
  input: string
  owner: AbortController
  timeoutMs: number
}

/** Encodes the slowest way there is, until it is called off. */
async function untilEncoding(pool: MediaPool, { workDir, file, input, owner, timeoutMs }: Job, isAborted: boolean) {
  const variants = [{ name: 'mp4', type: 'rendition', resolution: 360, effort: 9 }]
  const definition = PresetDefinition.parse({ video: { variants } })
  let seen = 0
  const job = { projectId: 'p', signal: owner.signal, timeoutMs, isFresh: true }
  const error = await pool
    .withChild(job, async child => {
      const facts = await child.probe({ file, declaredType: 'video/mp4' })
      const onProgress = ({ stage }: { stage: string }) => {
        seen = Math.max(seen, processesOn(input).length)
        if (stage === 'mp4' && seen > 0 && isAborted) owner.abort()
      }
      const job = { file, facts, plan: plan(facts, definition), outDir: workDir }
      return await child.render(job, { onVariant: () => undefined, onProgress })
    })
    .then(
      () => undefined,
      reason => reason,
    )
  return { error, seen }
}
