import path from 'node:path'
import { PresetDefinition } from '@darkroom/contracts'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type MediaPool, plan, type RenderedVariant } from '../src/index.ts'
import { markedLimits, tempDir, testPool } from './pool.ts'
import { H264, noFfmpeg, sine, testsrc, tools, video } from './video-bed.ts'

const definition = PresetDefinition.parse({
  image: { variants: [{ name: 'thumb', width: 16, format: 'webp' }] },
  video: {
    variants: [
      { name: 'poster', type: 'poster', width: 64, format: 'webp' },
      { name: 'preview', type: 'preview', width: 64, format: 'webp', durationSec: 1 },
      { name: 'mp4', type: 'rendition', resolution: 120, effort: 0 },
      { name: 'hls', type: 'hls', ladder: [{ resolution: 120, effort: 0 }] },
    ],
  },
  audio: {
    variants: [
      { name: 'peaks', type: 'peaks' },
      { name: 'mp3', type: 'sound', codec: 'mp3' },
    ],
  },
})

let pool: MediaPool
let files: Record<'video/mp4' | 'audio/wav' | 'image/png', string>
beforeAll(async () => {
  if (noFfmpeg) return
  pool = await testPool(markedLimits(), { size: 1, tools })
  const photo = path.join(await tempDir(), 'photo.png')
  await sharp({ create: { width: 40, height: 30, channels: 3, background: '#c33' } }).toFile(photo)
  files = {
    'video/mp4': await video('video.mp4', ...testsrc('320x180', 2), ...sine(2), ...H264),
    'audio/wav': await video('sound.wav', ...sine(2)),
    'image/png': photo,
  }
})
afterAll(() => pool?.close())

/** A job from probe to render, and what it has announced so far; with `hold` it keeps its place until that resolves. */
function start(type: keyof typeof files, { hold, signal = new AbortController().signal }: Options = {}) {
  const made: string[] = []
  const failed: RenderedVariant[] = []
  const job = { projectId: 'p', signal, timeoutMs: 60_000, isFresh: type !== 'image/png' }
  const done = pool.withChild(job, async child => {
    const facts = await child.probe({ file: files[type], declaredType: type })
    const input = { file: files[type], facts, plan: plan(facts, definition), outDir: await tempDir() }
    const { placeholder } = await child.render(input, {
      onVariant: variant => {
        if ('error' in variant) failed.push(variant)
        else made.push(variant.name)
      },
    })
    await hold
    return placeholder
  })
  done.catch(() => undefined)
  return { done, made, failed }
}
interface Options {
  hold?: Promise<void>
  signal?: AbortSignal
}

const VARIANTS = ['poster', 'preview', 'mp4', 'hls-120-media', 'hls-120', 'hls']

it.skipIf(noFfmpeg)(
  'with one place, short work is done while a video holds it, and long work waits and is whole',
  async () => {
    const { promise: hold, resolve: letGo } = Promise.withResolvers<void>()
    const first = start('video/mp4', { hold })
    await expect.poll(() => first.made, { timeout: 60_000 }).toEqual(VARIANTS)
    const second = start('video/mp4')
    await expect.poll(() => second.made, { timeout: 60_000 }).toEqual(['poster', 'preview'])
    const audio = start('audio/wav')
    const calledOff = new AbortController()
    const third = start('video/mp4', { signal: calledOff.signal })
    await expect.poll(() => third.made, { timeout: 60_000 }).toEqual(['poster', 'preview'])
    const photo = start('image/png')
    await photo.done
    expect([photo.made, second.made, audio.made]).toEqual([['thumb'], ['poster', 'preview'], ['icon']])
    calledOff.abort()
    await expect(third.done).rejects.toMatchObject({ code: 'LEASE_LOST' })
    letGo()
    const placeholders = await Promise.all([first.done, second.done])
    expect(placeholders[1]).toEqual(placeholders[0])
    expect(placeholders[0]).not.toBeNull()
    await audio.done
    expect([second.made, second.failed, audio.made]).toEqual([VARIANTS, [], ['icon', 'peaks', 'mp3']])
  },
)
