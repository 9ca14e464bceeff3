import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { PlannedVariant } from '@darkroom/media'
import sharp from 'sharp'
import { prepare } from './compare.ts'
import { type Input, type Maker, outputName } from './maker.ts'

/** Of a video or an audio file, in seconds: encoders round to their frames. */
const DURATION_TOLERANCE_SEC = 0.25

/** Of the words of a text, so many are in both at least: Darkroom leaves out what no reader of the page sees, such as ink without a colour. */
const SHARED_WORDS = 0.5

/** Throws unless both make files that agree in size, codec, tags of colour and length; it also warms both up. */
export async function checkSame(inputs: readonly Input[], one: Maker, other: Maker, folder: string): Promise<void> {
  for (const [index, input] of inputs.entries()) {
    const folders = [join(folder, `${index}-${one.id}`), join(folder, `${index}-${other.id}`)] as const
    for (const [at, maker] of [one, other].entries()) {
      await prepare(input, folders[at] ?? folder)
      await maker.make(input, folders[at] ?? folder)
    }
    for (const variant of input.variants) {
      const [ours, theirs] = await Promise.all(folders.map(dir => describe(variant, join(dir, outputName(variant)))))
      if (ours && theirs && isSame(ours, theirs)) continue
      throw new Error(`${variant.name} of ${input.name}: ${JSON.stringify(ours)} is not ${JSON.stringify(theirs)}`)
    }
  }
  await rm(folder, { recursive: true })
}

interface Description {
  what: string
  seconds: number
  words?: Set<string>
}

const isSame = (a: Description, b: Description): boolean =>
  a.what === b.what && Math.abs(a.seconds - b.seconds) <= DURATION_TOLERANCE_SEC && shareWords(a.words, b.words)

function shareWords(a: Set<string> = new Set(), b: Set<string> = new Set()): boolean {
  return a.intersection(b).size >= SHARED_WORDS * Math.max(a.size, b.size)
}

/** Describes a file in a few words that are equal for two files made in the same way. */
async function describe({ contentType }: PlannedVariant, file: string): Promise<Description> {
  const [family] = contentType.split('/')
  if (family === 'image') return describeImage(file)
  if (family === 'video' || family === 'audio') return describeStreams(file)
  const text = await readFile(file, 'utf8')
  if (contentType === 'application/json') return { what: `${Object.keys(JSON.parse(text)).toSorted()}`, seconds: 0 }
  // Renderers differ in blanks and in their order; nobody may come away without the words.
  return { what: 'text', seconds: 0, words: new Set(text.toLowerCase().match(/\p{L}{3,}/gu)) }
}

async function describeImage(file: string): Promise<Description> {
  const { format, width, pageHeight, height, pages = 1, delay = [] } = await sharp(file).metadata()
  const ms = delay.reduce((sum, one) => sum + one, 0)
  return { what: `${format} ${width}×${pageHeight ?? height}${pages > 1 ? ' moving' : ''}`, seconds: ms / 1000 }
}

async function describeStreams(file: string): Promise<Description> {
  const colors = 'color_range,color_space,color_transfer,color_primaries'
  const entries = `stream=codec_name,profile,width,height,pix_fmt,${colors},channels:format=duration`
  const args = ['-v', 'error', '-of', 'json', '-show_entries', entries, file]
  const { stdout } = await promisify(execFile)('ffprobe', args)
  const { streams, format } = JSON.parse(stdout) as {
    streams: Record<string, unknown>[]
    format: { duration?: string }
  }
  // Side data come as lists; they are the encoder's business.
  const words = (stream: Record<string, unknown>) => Object.values(stream).filter(value => typeof value !== 'object')
  return { what: streams.map(stream => words(stream).join(' ')).join(' + '), seconds: Number(format.duration) }
}
