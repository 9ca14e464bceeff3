import { readFile } from 'node:fs/promises'
import {
  av1Frame,
  BT709_FROM,
  deepAvif,
  fromLinear,
  heifOf,
  hevcPicture,
  irot,
  nclx,
  onePage,
  pq,
  type Rgb,
  shownColor,
  tiffOf,
  times,
  toLinear,
} from '@darkroom/testing/media-files'
import sharp from 'sharp'
import type { Fault } from './fault.ts'
import { type FaultBed, toldOf } from './fault-bed.ts'
import { distance, flatStripes, stripesOf } from './pixels.ts'

const IMAGE = { image: [{ name: 'v', format: 'png' }] }
const MOVING = { image: [{ name: 'v', type: 'animation', format: 'webp', quality: 90 }] }

const COLORS: readonly Rgb[] = [
  [200, 50, 50],
  [64, 192, 64],
  [90, 100, 220],
  [128, 128, 128],
]
const STRIPE = 64
const SIZE = { width: COLORS.length * STRIPE, height: STRIPE }

/** Stripes of signals (0 to 1), 16 bits a sample. */
const stripes = (colors: readonly (readonly number[])[]): Buffer => {
  const samples = Uint16Array.from({ length: SIZE.width * SIZE.height * 3 }, (_, at) =>
    Math.round((colors[Math.floor((Math.floor(at / 3) % SIZE.width) / STRIPE)]?.[at % 3] ?? 0) * 65_535),
  )
  return Buffer.from(samples.buffer)
}

/** Colours of an AVIF of stripes by its numbers alone: naively, by us, and as they should be. */
async function colorsOf(bed: FaultBed, avif: Buffer, expected: readonly (readonly number[])[]) {
  const made = await bed.make(await bed.write('a.avif', avif), 'image/avif', IMAGE)
  const [naive, found] = await Promise.all([stripesOf(avif, COLORS.length), stripesOf(made.file('v'), COLORS.length)])
  const off = Math.max(...expected.map((color, n) => distance(found[n] ?? [], color)))
  const sides = [
    { label: 'naive: sharp alone', image: avif },
    { label: 'Darkroom', image: made.file('v') },
    { label: 'as it should be', image: await flatStripes(expected) },
  ]
  return { naive, found, off, sides }
}

const rgb = (color: readonly number[] = []): string => color.slice(0, 3).join(', ')

const P3 = { primaries: 12, curve: 13 }
const PQ = 16
const WHITE_NITS = 203
/** What white becomes, of 255. */
const WHITE = 235

const FIELDS = { width: 96, height: 48 }
/** Makes an image of four fields, each of one colour and one opacity. */
const fields = (values: readonly (readonly number[])[]): Buffer =>
  Buffer.from(
    Array.from({ length: FIELDS.width * FIELDS.height }, (_, n) => {
      const [x, y] = [n % FIELDS.width, Math.floor(n / FIELDS.width)]
      return values[(x < FIELDS.width / 2 ? 0 : 1) + (y < FIELDS.height / 2 ? 0 : 2)] ?? []
    }).flat(),
  )
const FIELD_COLORS: Rgb[] = [
  [220, 40, 40],
  [40, 160, 60],
  [50, 70, 210],
  [230, 190, 30],
]
const OPACITIES = [40, 100, 180, 250]

async function av1Of(data: Buffer, channels: 1 | 3) {
  const image = sharp(data, { raw: { ...FIELDS, channels } }).toColourspace(channels === 1 ? 'b-w' : 'srgb')
  const avif = await image.avif({ quality: 95, chromaSubsampling: '4:4:4', effort: 0 }).toBuffer()
  return av1Frame(avif, FIELDS.width, FIELDS.height)
}

const FRAMES = 44
const FRAME = { width: 160, height: 120 }
/** Makes a GIF of a bar that moves in front of squares, so that a part of the file is a part of the image. */
async function movingGif(): Promise<Buffer> {
  const frame = (n: number) =>
    sharp(
      Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${FRAME.width}" height="${FRAME.height}">
        ${Array.from({ length: 48 }, (_, at) => `<rect x="${(at % 8) * 20}" y="${Math.floor(at / 8) * 20}" width="20" height="20" fill="hsl(${(at * 47 + n * 8) % 360} 70% 55%)"/>`).join('')}
        <rect x="75" y="10" width="10" height="100" fill="#fff" transform="rotate(${n * 8} 80 60)"/></svg>`),
    )
      .removeAlpha()
      .png()
      .toBuffer()
  const frames = await Promise.all(Array.from({ length: FRAMES }, (_, n) => frame(n)))
  return sharp(frames, { join: { animated: true } })
    .gif({ delay: Array<number>(FRAMES).fill(50) })
    .toBuffer()
}

const frameAt = (file: string | Buffer, page: number): Promise<Buffer> =>
  sharp(file, { page, failOn: 'none' }).png().toBuffer()

const tiff = (tags: [number, number[]][], bits: number, data = Buffer.alloc(256)) =>
  tiffOf([{ width: 16, height: 4, bits, data: data.subarray(0, (64 * bits) / 8), tags }], { dataLast: true })

/** Processes files with an irregularity, such as a JPEG without its end marker. @returns the code and the warnings */
async function taken(
  bed: FaultBed,
  name: string,
  type: string,
  bytes: Buffer,
  variants: Parameters<FaultBed['make']>[2],
) {
  const file = await bed.write(name, bytes)
  const code = await bed.codeOf(file, type, variants)
  if (code !== 'ready') return { words: `\`${code}\``, isRight: false }
  const { warnings } = await bed.make(file, type, variants)
  return { words: `ready, ${warnings.map(warning => `\`${warning.code}\``).join() || 'no warning'}`, isRight: true }
}

const AUDIO = { audio: [{ name: 'v', type: 'sound', codec: 'mp3' }] }
const DOCUMENT = { document: [{ name: 'v', type: 'page', format: 'png' }] }

export const IMAGE_FAULTS: Fault[] = [
  {
    row: 3,
    fault: 'A truncated GIF becomes `ready` without a warning, and its last frame is incomplete.',
    before: 'no warning, the last of 18 frames incomplete',
    expected: '`SOURCE_TRUNCATED`, complete frames only',
    test: 'packages/media/test/image-cut.test.ts',
    async measure(bed) {
      const whole = await movingGif()
      const cut = whole.subarray(0, Math.floor(whole.length * 0.42))
      const made = await bed.make(await bed.write('a.gif', cut), 'image/gif', MOVING)
      const { pages = 0 } = await sharp(made.file('v')).metadata()
      const told = toldOf(made.warnings)
      const naive = await sharp(cut, { failOn: 'none' }).metadata()
      const last = (naive.pages ?? 1) - 1
      return {
        now: `${pages} frames of ${FRAMES}; ${told}`,
        isRight: made.warnings.some(({ code }) => code === 'SOURCE_TRUNCATED') && pages <= last + 1,
        sides: [
          { label: `naive: sharp alone, last of ${last + 1} frames`, image: await frameAt(cut, last) },
          { label: `Darkroom, last of ${pages} frames`, image: await frameAt(made.file('v'), pages - 1) },
        ],
      }
    },
  },
  {
    row: 8,
    fault: 'An AVIF in Display P3 by its `nclx` alone is not converted.',
    before: '200, 50, 50 became 201, 51, 49',
    expected: `200, 50, 50 becomes ${rgb(shownColor([200, 50, 50], 'smpte432'))}`,
    test: 'packages/media/test/image-cicp.test.ts',
    async measure(bed) {
      const pixels = stripes(COLORS.map(color => color.map(v => v / 255)))
      const avif = await deepAvif({ ...SIZE, pixels, bits: 10, properties: [nclx(P3.primaries, P3.curve, 6)] })
      const expected = COLORS.map(color => shownColor(color, 'smpte432'))
      const { naive, found, off, sides } = await colorsOf(bed, avif, expected)
      const now = `${rgb(found[0])}; by sharp alone ${rgb(naive[0])}; of four colours the farthest channel is ${off} off`
      return { now, isRight: off <= 4, sides }
    },
  },
  {
    row: 8,
    fault: 'An AVIF of 10 bits in PQ and P3 without an ICC profile comes out grey and flat.',
    before: 'grey and flat',
    expected: `diffuse white of ${WHITE_NITS} nits is ${WHITE}, colours as in videos`,
    test: 'packages/media/test/image-cicp.test.ts',
    async measure(bed) {
      const linear = [...COLORS.slice(0, 3).map(color => color.map(v => toLinear(v / 255))), [1, 1, 1]]
      const pixels = stripes(linear.map(color => color.map(v => pq(WHITE_NITS * v))))
      const avif = await deepAvif({ ...SIZE, pixels, bits: 10, properties: [nclx(P3.primaries, PQ, 6)] })
      const scale = toLinear(WHITE / 255)
      const expected = linear.map(color =>
        times(
          BT709_FROM.smpte432,
          color.map(v => v * scale),
        ).map(v => Math.round(255 * fromLinear(Math.min(1, Math.max(0, v))))),
      )
      const { naive, found, off, sides } = await colorsOf(bed, avif, expected)
      const now = `white ${rgb(found[3])}, red ${rgb(found[0])}; by sharp alone ${rgb(naive[3])} and ${rgb(naive[0])}; the farthest channel is ${off} off`
      return { now, isRight: off <= 4, sides }
    },
  },
  {
    row: 9,
    fault: 'The alpha channel of an AVIF with `irot` is not rotated with its colours.',
    before: 'opacity of another field',
    expected: `fields with opacities of ${OPACITIES.join(', ')}, each with its colour`,
    test: 'packages/media/test/image-alpha.test.ts',
    async measure(bed) {
      const [colors, alpha] = await Promise.all([
        av1Of(fields(FIELD_COLORS), 3),
        av1Of(fields(OPACITIES.map(v => [v])), 1),
      ])
      const avif = heifOf({ ...colors, properties: [nclx(1, 13, 6), irot(1)], alpha })
      const made = await bed.make(await bed.write('a.avif', avif), 'image/avif', IMAGE)
      // A quarter turn against the clock: what was at the right is at the top.
      const order = [1, 3, 0, 2]
      const places = [
        [0.25, 0.25],
        [0.75, 0.25],
        [0.25, 0.75],
        [0.75, 0.75],
      ] as const
      const { data, info } = await sharp(made.file('v')).raw().toBuffer({ resolveWithObject: true })
      const found = places.map(([x, y]) => [
        ...data
          .subarray((Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels)
          .subarray(0, 4),
      ])
      const expected = order.map(field => [...(FIELD_COLORS[field] ?? []), OPACITIES[field] ?? 0])
      const off = Math.max(...expected.map((color, n) => distance(found[n] ?? [], color)))
      return {
        now: `${order.map((field, n) => `${found[n]?.[3]} for ${OPACITIES[field]}`).join(', ')}; the farthest channel is ${off} off`,
        isRight: off <= 10,
        sides: [
          { label: 'naive: sharp alone', image: avif },
          { label: 'Darkroom', image: made.file('v') },
        ],
      }
    },
  },
  {
    row: 9,
    fault: 'A TIFF of signed or 32-bit integers is posterised.',
    before: '`ready`, a few steps of grey',
    expected: '`UNSUPPORTED_TYPE`',
    test: 'packages/media/test/image-refused.test.ts',
    async measure(bed) {
      const files = [tiff([[339, [2]]], 16), tiff([], 32)]
      const codes: string[] = []
      for (const bytes of files) codes.push(await bed.codeOf(await bed.write('a.tiff', bytes), 'image/tiff', IMAGE))
      return {
        now: codes.map(code => `\`${code}\``).join(', '),
        isRight: codes.every(code => code === 'UNSUPPORTED_TYPE'),
      }
    },
  },
  {
    row: 14,
    fault:
      'Complete files are refused for an irregularity: MP3 after zero bytes, PDF after a few bytes, JPEG without its end marker.',
    before: '`UNRECOGNIZED_TYPE`, `UNRECOGNIZED_TYPE`, `CORRUPT_FILE`',
    expected: 'ready, with a warning',
    test: 'packages/media/test/image-odd.test.ts',
    async measure(bed) {
      const mp3 = await readFile(await bed.video('a.mp3', '-f', 'lavfi', '-i', 'sine=d=2', '-write_xing', '0'))
      const jpeg = await sharp(fields(FIELD_COLORS), { raw: { ...FIELDS, channels: 3 } })
        .jpeg()
        .toBuffer()
      const page = onePage({ content: 'BT /F1 24 Tf 10 40 Td (Hello) Tj ET' })
      const results = [
        await taken(bed, 'a.mp3', 'audio/mpeg', Buffer.concat([Buffer.alloc(60_000), mp3]), AUDIO),
        await taken(bed, 'a.pdf', 'application/pdf', Buffer.concat([Buffer.from('\r\n \r\n'), page]), DOCUMENT),
        await taken(bed, 'a.jpeg', 'image/jpeg', jpeg.subarray(0, -2), IMAGE),
      ]
      return { now: results.map(({ words }) => words).join('; '), isRight: results.every(({ isRight }) => isRight) }
    },
  },
  {
    row: 15,
    fault: 'Misleading codes: a HEIC of 200 megapixels, a GIF truncated in its first frame, a truncated TIFF.',
    before: '`CORRUPT_FILE` for all of them',
    expected: '`TOO_MANY_PIXELS`, `TRUNCATED_FILE`, `TRUNCATED_FILE`',
    test: 'packages/media/test/image-refused.test.ts',
    async measure(bed) {
      const tile = await hevcPicture({ width: 512, height: 512 })
      const heic = heifOf({ ...tile, grid: { rows: 24, columns: 32, width: 16_320, height: 12_240 } })
      const gif = await movingGif()
      const lzw = await sharp(fields(FIELD_COLORS), { raw: { ...FIELDS, channels: 3 } })
        .tiff({ compression: 'lzw' })
        .toBuffer()
      const codes = [
        await bed.codeOf(await bed.write('a.heic', heic), 'image/heic', IMAGE),
        await bed.codeOf(await bed.write('a.gif', gif.subarray(0, gif.length * 0.01)), 'image/gif', IMAGE),
        await bed.codeOf(await bed.write('a.tiff', lzw.subarray(0, lzw.length * 0.7)), 'image/tiff', IMAGE),
      ]
      const isRight = codes.join() === 'TOO_MANY_PIXELS,TRUNCATED_FILE,TRUNCATED_FILE'
      return { now: codes.map(code => `\`${code}\``).join(', '), isRight }
    },
  },
  {
    row: 16,
    fault: 'A `.png` that is a JPEG cannot be accepted.',
    before: '`TYPE_MISMATCH`',
    expected: '`image/jpeg`, if the project detects the type by content (`detectTypeByContent`)',
    test: 'e2e/detect-type.test.ts',
    async measure(bed) {
      const jpeg = await sharp(fields(FIELD_COLORS), { raw: { ...FIELDS, channels: 3 } })
        .jpeg()
        .toBuffer()
      const file = await bed.write('a.png', jpeg)
      const signal = new AbortController().signal
      const type = await bed.pool.withChild({ projectId: 'bench', signal, timeoutMs: 60_000 }, child =>
        child.detectType({ file, declaredType: 'image/png' }),
      )
      return { now: `\`${type}\``, isRight: type === 'image/jpeg' }
    },
  },
]
