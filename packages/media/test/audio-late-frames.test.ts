import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { findFrames } from '../src/audio/frames/find-frames.ts'
import { factsOf, loudnessOf, make, onsetOf, renderFile, warnedOf } from './audio-bed.ts'
import { tempDir } from './pool.ts'

const TONE = 'aevalsrc=0.3*sin(440*2*PI*t):d=2:s=44100'

async function write(name: string, ...parts: Uint8Array[]): Promise<string> {
  const file = path.join(await tempDir(), name)
  await writeFile(file, Buffer.concat(parts))
  return file
}

describe.each([
  ['mp3', ['-b:a', '128k', '-write_xing', '0', '-id3v2_version', '0']],
  ['aac', ['-b:a', '96k']],
] as const)('a file of %s', (extension, args) => {
  let audio: Buffer
  beforeAll(async () => {
    audio = await readFile(await make(`in.${extension}`, [TONE], ...args))
  })

  it.each([
    ['a few zero bytes', () => [Buffer.alloc(10), audio]],
    ['60,000 zero bytes', () => [Buffer.alloc(60_000), audio]],
    ['noise', () => [Buffer.from(randomBytes(3000).map(byte => byte & 0x7f)), audio]],
    ['the second half of a frame', () => [audio.subarray(200)]],
  ])('that begins with %s is taken, and its owner is told', async (_title, parts) => {
    const { facts, warnings } = await warnedOf(await write(`in.${extension}`, ...parts()))
    expect(Math.abs(facts.durationMs - 2000)).toBeLessThan(120)
    expect(warnings).toEqual([{ code: 'SOURCE_REPAIRED', detail: expect.stringMatching(/after \d+ bytes.*\.$/) }])
  })
})

it('what is made of such a file sounds like it', async () => {
  const whole = await make('in.mp3', [TONE])
  const file = await write('late.mp3', Buffer.alloc(5000), await readFile(whole))
  const specs = [{ name: 'aac', type: 'sound', codec: 'aac', loudness: null }]
  const [plain, late] = [await renderFile(whole, specs), await renderFile(file, specs)]
  const [before, after] = [await loudnessOf(plain.files.aac), await loudnessOf(late.files.aac)]
  expect(Math.abs(before.integrated - after.integrated)).toBeLessThan(0.2)
  expect(await onsetOf(late.files.aac)).toBeLessThan(0.06)
})

describe('bytes that are no audio', () => {
  it.each([
    ['noise', () => randomBytes(100_000)],
    ['ones', () => Buffer.alloc(100_000, 0xff)],
    ['one header, again and again without its frame', () => Buffer.alloc(100_000, Buffer.from([0xff, 0xfb, 0x90, 0]))],
    ['three frames in zeros', () => threeFrames()],
  ])('are not taken for one: %s', async (_title, bytes) => {
    const file = await write('in.mp3', Buffer.alloc(1), bytes())
    await expect(factsOf(file)).rejects.toMatchObject({ code: 'UNRECOGNIZED_TYPE' })
  })

  it('are looked through in no time, whatever they are', () => {
    const byte = fc.oneof(fc.constant(0xff), fc.constant(0xfb), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 3000 }), bytes => {
        const found = findFrames('audio/mpeg', Uint8Array.from(bytes))
        expect(found === null || bytes[found] === 0xff).toBe(true)
      }),
    )
  })

  function threeFrames(): Buffer {
    const bytes = Buffer.alloc(20_000)
    for (let n = 0; n < 3; n++) bytes.set([0xff, 0xfb, 0x90, 0], 100 + n * 417)
    return bytes
  }
})

describe('a WAV of more than 4 GiB', () => {
  it.each(['RF64', 'BW64'])('is taken by the name of %s', async name => {
    const bytes = await readFile(await make('in.wav', [TONE], '-rf64', 'always'))
    bytes.write(name, 'latin1')
    const { facts, warnings } = await warnedOf(await write('in.wav', bytes))
    expect([facts.contentType, facts.durationMs, warnings]).toEqual(['audio/wav', 2000, []])
  })
})
