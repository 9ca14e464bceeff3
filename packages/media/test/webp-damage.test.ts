import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import sharp, { type WebpOptions } from 'sharp'
import { describe, expect, it } from 'vitest'
import { isCompleteFrame } from '../src/image/vp8/complete-frame.ts'
import { processHere, stillImage } from './image-bed.ts'
import { CORPUS, noCorpus } from './pool.ts'

const WEBP = 'image/webp'
const MOVING = { name: 'moving', type: 'animation', format: 'webp' }

describe('a lossy WebP', () => {
  it('with a hole of zeros is refused, wherever it is', async () => {
    const bytes = await webpOf(400, 300, 1)
    expect((await processHere(bytes, WEBP)).warnings).toEqual([])
    const places = Array.from({ length: 30 }, (_, n) => 100 + Math.floor((n / 30) * (bytes.length - 612)))
    for (const at of places) {
      const broken = Buffer.from(bytes).fill(0, at, at + 512)
      const answer = await processHere(broken, WEBP).catch(error => error)
      expect([at, answer.code, answer.message]).toEqual([at, 'CORRUPT_FILE', expect.stringMatching(/broken|damaged/)])
    }
  })

  it.each<[number, number, WebpOptions]>([
    ...[1, 25, 50, 75, 90, 100].map((quality): [number, number, WebpOptions] => [200, 150, { quality, effort: 4 }]),
    ...[0, 2, 6].map((effort): [number, number, WebpOptions] => [333, 77, { quality: 80, effort }]),
    [1, 1, {}],
    [17, 3, {}],
    [200, 150, { preset: 'text' }],
    [200, 150, { nearLossless: true }],
    [200, 150, { lossless: true }],
  ])('of %s × %s that is whole is made without a word: %j', async (width, height, options) => {
    const { warnings, files } = await processHere(await webpOf(width, height, 1, options), WEBP)
    expect(warnings).toEqual([])
    expect(files.v).toBeDefined()
  })

  it.skipIf(noCorpus).each(['webp-alpha.webp', 'webp-animated-9f.webp'])('of the corpus is whole: %s', async name => {
    const { warnings } = await processHere(await readFile(path.join(CORPUS, name)), WEBP)
    expect(warnings).toEqual([])
  })
})

describe('a WebP that moves', () => {
  it('of which one frame is broken is made, and says so', async () => {
    const { warnings, files } = await processHere(await withBrokenFrames(1), WEBP, [MOVING, stillImage({})])
    expect(warnings).toEqual([{ code: 'STREAM_DAMAGED', detail: '1 of 9 frames is damaged.' }])
    expect(Object.keys(files).sort()).toEqual(['moving', 'v'])
  })

  it('of which more than a third is broken is refused', async () => {
    expect((await processHere(await withBrokenFrames(3), WEBP)).warnings).toHaveLength(1)
    const refused = processHere(await withBrokenFrames(4), WEBP)
    await expect(refused).rejects.toMatchObject({ code: 'CORRUPT_FILE', message: '4 of 9 frames are damaged' })
  })
})

it.each([1, 2, 4, 8])('a frame of another encoder is whole, in %s parts, and is not with a wrong byte', parts => {
  const args = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240,noise=alls=20:all_seed=7', '-frames:v', '4', '-g', '1']
  const ivf = execFileSync('ffmpeg', [
    '-v',
    'error',
    ...args,
    '-c:v',
    'libvpx',
    '-slices',
    `${parts}`,
    '-f',
    'ivf',
    '-',
  ])
  const frames = framesOfIvf(ivf)
  expect(frames).toHaveLength(4)
  for (const frame of frames) {
    expect(isCompleteFrame(frame)).toBe(true)
    const broken = Buffer.from(frame)
    broken[frame.length >> 1] = (broken[frame.length >> 1] ?? 0) ^ 0x5a
    expect(isCompleteFrame(broken)).toBe(false)
  }
})

it('what is put into a frame does not make it go on for ever', async () => {
  const [frame = Buffer.alloc(0)] = [...lossyFrames(await webpOf(64, 64, 1))]
  const random = randomOf(3)
  for (let n = 0; n < 300; n++) {
    const broken = Buffer.from(frame.subarray(0, 1 + Math.floor(random() * frame.length)))
    for (let count = 0; count < 3; count++) broken[Math.floor(random() * 40)] = random() * 256
    expect([true, false]).toContain(isCompleteFrame(broken))
  }
})

const randomOf = (first: number) => {
  let seed = first
  return () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    return seed / 2 ** 31
  }
}

/** Always of the same pixels: noise over a slope. */
async function webpOf(width: number, height: number, frames: number, options: WebpOptions = {}): Promise<Buffer> {
  const random = randomOf(7)
  const data = Buffer.from(
    Array.from({ length: width * height * 3 * frames }, (_, at) => ((at / 3) % width) * 0.5 + random() * 90),
  )
  const raw = { width, height: height * frames, channels: 3, pageHeight: height } as const
  return await sharp(data, { raw }).webp(options).toBuffer()
}

function* lossyFrames(bytes: Buffer): Generator<Buffer> {
  for (let at = bytes.indexOf('VP8 '); at !== -1; at = bytes.indexOf('VP8 ', at + 8))
    yield bytes.subarray(at + 8, at + 8 + bytes.readUInt32LE(at + 4))
}

async function withBrokenFrames(count: number): Promise<Buffer> {
  const bytes = await webpOf(96, 64, 9, { delay: Array<number>(9).fill(50) })
  const frames = [...lossyFrames(bytes)]
  expect(frames).toHaveLength(9)
  // The first one is what the image that stands still is made of.
  for (const frame of frames.slice(1, 1 + count)) frame.fill(0, frame.length >> 1, (frame.length >> 1) + 100)
  return bytes
}

function framesOfIvf(ivf: Buffer): Buffer[] {
  const frames: Buffer[] = []
  for (let at = 32; at < ivf.length; ) {
    const length = ivf.readUInt32LE(at)
    frames.push(ivf.subarray(at + 12, at + 12 + length))
    at += 12 + length
  }
  return frames
}
