import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { MediaType } from '@darkroom/contracts'
import { isLongForm } from '@darkroom/testing/samples'
import { beforeAll, describe, expect, it } from 'vitest'
import type { SourceWarning } from '../src/source-warning.ts'
import { probeVideo } from '../src/video/probe/index.ts'
import { tempDir } from './pool.ts'
import { H264, LIMITS, noFfmpeg, sine, testsrc, tools, video } from './video-bed.ts'

const LENGTH_SEC = 3
const VIDEO = testsrc('160x120', LENGTH_SEC)
const AUDIO = sine(LENGTH_SEC)
const MPEG4 = ['-c:v', 'mpeg4', '-g', '5', '-c:a', 'mp3']
const AVC = [...H264, '-g', '5', '-c:a', 'aac']
const MPEG2 = ['-r', '25', '-c:v', 'mpeg2video', '-c:a', 'mp2']

async function written(name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(await tempDir(), name)
  await writeFile(file, bytes)
  return file
}

async function warnedOf(
  file: string,
  type: MediaType,
): Promise<{ durationMs: number | null; warnings: SourceWarning[] }> {
  const warnings: SourceWarning[] = []
  const warn = (warning: SourceWarning) => warnings.push(warning)
  const { durationMs } = await probeVideo({ file, type, tools, limits: LIMITS, timings: {}, warn })
  return { durationMs, warnings }
}

/** Nothing is rounded away, and nothing is told twice. */
const expectTold = (warnings: SourceWarning[], detail: RegExp) =>
  expect(warnings).toEqual([{ code: 'SOURCE_TRUNCATED', detail: expect.stringMatching(detail) }])

/** Parts of the file that are left. */
const CUTS = [0.3, 0.5, 0.731, 0.95]
/** All but a few bytes of it. */
const NEARLY_ALL = 0.999
/** The short form has one for each container, and another for the next. */
const cutsOf = (container: number) => [
  ...CUTS.filter((_, n) => isLongForm || n === container % CUTS.length),
  NEARLY_ALL,
]

const LAST_PACKET = /^The last packet, after \d\.\d s, lacks [\d,]+ of [\d,]+ bytes\.$/

const CONTAINERS: [title: string, name: string, type: MediaType, args: string[], told: RegExp][] = [
  ['AVI', 'a.avi', 'video/vnd.avi', MPEG4, /^[\d,]+ of [\d,]+ bytes are there, with \d+ of 31 frames\.$/],
  ['MPEG-TS', 'a.ts', 'video/mp2t', AVC, LAST_PACKET],
  ['M2TS', 'a.m2ts', 'video/mp2t', [...AVC, '-mpegts_m2ts_mode', '1', '-f', 'mpegts'], LAST_PACKET],
  ['Ogg', 'a.ogv', 'video/ogg', ['-c:v', 'libtheora', '-c:a', 'libvorbis'], /\d\.\d s.*\.$/],
  ['MPEG-PS', 'a.mpg', 'video/mpeg', MPEG2, LAST_PACKET],
]

describe.skipIf(noFfmpeg).each(CONTAINERS.map((one, n) => [...one, n] as const))(
  '%s',
  (_title, name, type, args, told, container) => {
    let bytes: Buffer
    beforeAll(async () => {
      bytes = await readFile(await video(name, ...VIDEO, ...AUDIO, ...args))
    })

    it('that is whole gives no warning', async () => {
      expect((await warnedOf(await written(name, bytes), type)).warnings).toEqual([])
    })

    it.each(cutsOf(container))('of which %d is left is processed, and the owner is told', async part => {
      // An odd number of bytes is no whole number of packets.
      const left = bytes.subarray(0, Math.floor(bytes.length * part) | 1)
      const { durationMs, warnings } = await warnedOf(await written(name, left), type)
      expect(durationMs).toBeGreaterThan(0)
      expectTold(warnings, told)
    })
  },
)

/** Where the last audio frame begins that goes on in the packet behind it. */
const lastLongAudio = (bytes: Buffer): number =>
  Array.from({ length: bytes.length / 188 }, (_, n) => n).findLast(n => {
    const packet = bytes.subarray(n * 188)
    return packet.readUInt16BE(1) === 0x4101 && (bytes.readUInt16BE((n + 1) * 188 + 1) & 0x5fff) === 0x101
  }) ?? 0

const CLUSTER = Buffer.from('1f43b675', 'hex')

/** What `Duration`, eight bytes behind its name, is made to say of a Matroska. */
function lasting(bytes: Buffer, ms: number): Buffer {
  const patched = Buffer.from(bytes)
  patched.writeDoubleBE(ms, patched.indexOf(Buffer.from('448988', 'hex')) + 3)
  return patched
}

/** The size of a Matroska's segment, eight bytes behind its name, unknown as of one that is sent live. */
function unsized(bytes: Buffer): Buffer {
  const patched = Buffer.from(bytes)
  patched.write('01ffffffffffffff', patched.indexOf(Buffer.from('18538067', 'hex')) + 4, 'hex')
  return patched
}

describe.skipIf(noFfmpeg)('a recording of a screen whose last frame stands still', () => {
  it.each([
    ['with sizes, as when it was finished', (bytes: Buffer) => bytes],
    ['without sizes, as it was sent', unsized],
  ])('is whole: %s', async (_title, as) => {
    const bytes = await readFile(await video('a.mkv', ...testsrc('160x120', 1), ...H264))
    const { durationMs, warnings } = await warnedOf(await written('s.mkv', as(lasting(bytes, 4000))), 'video/matroska')
    expect(durationMs).toBeGreaterThan(900)
    expect(warnings).toEqual([])
  })

  it('is refused where its sizes say that a part of it is missing', async () => {
    const parts = ['-g', '5', '-cluster_time_limit', '500']
    const bytes = await readFile(await video('a.mkv', ...testsrc('160x120', 3), ...H264, ...parts))
    const left = bytes.subarray(0, bytes.indexOf(CLUSTER, bytes.length / 2))
    const file = await written('left.mkv', left)
    await expect(warnedOf(file, 'video/matroska')).rejects.toMatchObject({ code: 'TRUNCATED_FILE' })
  })
})

describe.skipIf(noFfmpeg)('what cannot be seen from the last packet', () => {
  it('an AVI that counts its first eight bytes in its size is whole', async () => {
    const bytes = await readFile(await video('a.avi', ...VIDEO, ...MPEG4))
    bytes.writeUInt32LE(bytes.length, 4)
    expect((await warnedOf(await written('a.avi', bytes), 'video/vnd.avi')).warnings).toEqual([])
  })

  it('an AVI that was sent through a pipe has no size, and no warning', async () => {
    const bytes = await readFile(await video('a.avi', ...VIDEO, ...AUDIO, ...MPEG4))
    // As a muxer leaves it that cannot go back: no sizes, no flag of an index, no index.
    const end = bytes.lastIndexOf('idx1')
    const piped = Buffer.from(bytes.subarray(0, end))
    const list = piped.indexOf('movi') - 4
    for (const at of [4, list]) piped.writeUInt32LE(0xffff_ffff, at)
    piped.writeUInt32LE(piped.readUInt32LE(44) & ~0x10, 44)
    expect((await warnedOf(await written('pipe.avi', piped), 'video/vnd.avi')).warnings).toEqual([])
    piped.writeUInt32LE(piped.readUInt32LE(44) | 0x10, 44)
    const { warnings } = await warnedOf(await written('unfinished.avi', piped), 'video/vnd.avi')
    expectTold(warnings, /^It was not finalized: its size and index are missing; 3[01] frames are there\.$/)
  })

  it('a transport stream that is cut between two packets still waits for the rest of its audio', async () => {
    const bytes = await readFile(await video('a.ts', ...VIDEO, ...AUDIO, ...AVC))
    const left = bytes.subarray(0, 188 * (lastLongAudio(bytes) + 1))
    expectTold((await warnedOf(await written('left.ts', left), 'video/mp2t')).warnings, LAST_PACKET)
  })

  it.each([
    ['a Matroska', 'a.mkv', 'video/matroska', ['-cluster_time_limit', '500'], '1f43b675', 0],
    ['an MP4', 'a.mp4', 'video/mp4', ['-movflags', '+frag_keyframe+global_sidx'], '6d6f6f66', 4],
  ] as const)(
    '%s without sizes, cut where the next part begins, is shorter than its header says',
    async (_title, name, type, args, mark, before) => {
      const bytes = await readFile(await video(name, ...VIDEO, ...AUDIO, ...AVC, ...args))
      const marks = [...bytes.toString('latin1').matchAll(RegExp(Buffer.from(mark, 'hex').toString('latin1'), 'g'))]
      const cut = (marks[Math.floor(marks.length / 2)]?.index ?? 0) - before
      const left = type === 'video/matroska' ? unsized(bytes.subarray(0, cut)) : bytes.subarray(0, cut)
      expect((await warnedOf(await written(name, bytes), type)).warnings).toEqual([])
      const { durationMs, warnings } = await warnedOf(await written(name, left), type)
      expectTold(warnings, /^1\.[0-9] of 3\.0 s are there\.$/)
      expect(durationMs).toBeLessThan(2000)
    },
  )
})
