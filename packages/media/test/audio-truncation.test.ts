import { readFile, writeFile } from 'node:fs/promises'
import { isLongForm } from '@darkroom/testing/samples'
import { beforeAll, describe, expect, it } from 'vitest'
import { make, warnedOf } from './audio-bed.ts'
import { CORPUS, noCorpus } from './pool.ts'

/** The same each time: by chance a cut falls between two frames, which nobody can see. */
const NOISE = 'anoisesrc=d=2:r=44100:a=0.3:seed=5'
const LENGTH_MS = 2000
/** Parts of the file that are left. */
const CUTS = [0.3, 0.47, 0.731]
/** All but a few bytes of it. */
const NEARLY_ALL = 0.999
/** The short form has one for each format, and another for the next. */
const cutsOf = (format: number) => [...CUTS.filter((_, n) => isLongForm || n === format % CUTS.length), NEARLY_ALL]

/** By the ways in which the formats tell. */
const WHOLE: readonly (readonly [title: string, name: string, args: readonly string[]])[] = [
  ['MP3 of one bit rate', 'a.mp3', ['-b:a', '128k']],
  ['MP3 of many bit rates', 'b.mp3', ['-q:a', '4']],
  ['MP3 without a header of the encoder', 'c.mp3', ['-write_xing', '0', '-id3v2_version', '0']],
  ['MP3 with a tag at its end', 'd.mp3', ['-write_xing', '0', '-write_id3v1', '1', '-metadata', 'title=Long']],
  ['AAC', 'a.aac', ['-b:a', '96k']],
  ['Ogg of Vorbis', 'a.ogg', ['-c:a', 'libvorbis', '-page_duration', '200000']],
  ['Ogg of Opus', 'b.ogg', ['-c:a', 'libopus', '-ar', '48000', '-page_duration', '200000']],
  ['WAV', 'a.wav', []],
  ['WAV with tags behind its samples', 'b.wav', ['-metadata', 'title=Long']],
  ['RF64', 'c.wav', ['-rf64', 'always']],
  ['AIFF', 'a.aiff', []],
  ['FLAC', 'a.flac', []],
]

async function cut(file: string, bytes: Uint8Array): Promise<string> {
  const to = file.replace(/\.(\w+)$/, '.cut.$1')
  await writeFile(to, bytes)
  return to
}

describe.each(WHOLE.map((one, n) => [...one, n] as const))('%s', (_title, name, args, format) => {
  let file: string
  let bytes: Buffer
  beforeAll(async () => {
    file = await make(name, [NOISE], ...args)
    bytes = await readFile(file)
  })

  it('that is whole gives no warning', async () => {
    const { facts, warnings } = await warnedOf(file)
    expect(Math.abs(facts.durationMs - LENGTH_MS)).toBeLessThan(80)
    expect(warnings).toEqual([])
  })

  it.each(cutsOf(format))('of which %d is left is as long as that, and the owner is told', async part => {
    const left = Math.min(bytes.length - 140, Math.floor(bytes.length * part))
    const { facts, warnings } = await warnedOf(await cut(file, bytes.subarray(0, left)))
    expect(Math.abs(facts.durationMs - LENGTH_MS * part)).toBeLessThan(400)
    expect(warnings).toEqual([{ code: 'SOURCE_TRUNCATED', detail: expect.stringMatching(/\d\.\d.*\.$/) }])
  })
})

it.each([['-movflags', '+faststart'], []])('an M4A that ends early is refused, as a video is: %s', async (...args) => {
  const file = await make('in.m4a', [NOISE], ...args)
  const bytes = await readFile(file)
  const half = await cut(file, bytes.subarray(0, bytes.length / 2))
  await expect(warnedOf(half)).rejects.toMatchObject({ code: 'TRUNCATED_FILE' })
})

describe('the numbers that an owner is told', () => {
  it('are the seconds that are there, and those that the file promises', async () => {
    const file = await make('a.wav', [NOISE])
    const { warnings } = await warnedOf(await cut(file, (await readFile(file)).subarray(0, 44 + 44_100)))
    expect(warnings.map(({ detail }) => detail)).toEqual(['0.5 of 2.0 s are there.'])
  })
})

describe('an audio file that was recorded into a pipe', () => {
  it.each([
    ['wav', 'data', [0xff, 0xff, 0xff, 0xff]],
    ['wav', 'data', [0, 0, 0, 0]],
    ['wav', 'data', [0, 0xf0, 0xff, 0x7f]],
    ['flac', 'fLaC', null],
  ] as const)('does not know its length, and nothing is missing: %s %s %j', async (extension, mark, size) => {
    const file = await make(`in.${extension}`, [NOISE])
    const bytes = await readFile(file)
    const at = bytes.indexOf(mark)
    if (size) bytes.set(size, at + 4)
    else bytes.set([(bytes[at + 21] ?? 0) & 0xf0, 0, 0, 0, 0], at + 21)
    const { facts, warnings } = await warnedOf(await cut(file, bytes))
    expect(Math.abs(facts.durationMs - LENGTH_MS)).toBeLessThan(80)
    expect(warnings).toEqual([])
  })
})

describe.skipIf(noCorpus)('the corpus of audio files', () => {
  it.each(['flac.flac', 'm4a-aac.m4a', 'mp3-tiny.mp3', 'ogg-vorbis.ogg', 'wav-pcm.wav'])(
    '%s is whole, and gives no warning',
    async name => {
      expect((await warnedOf(`${CORPUS}/${name}`)).warnings).toEqual([])
    },
  )
})
