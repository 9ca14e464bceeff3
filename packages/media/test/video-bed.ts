import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { type MediaType, type Placeholder, PresetDefinition } from '@darkroom/contracts'
import sharp from 'sharp'
import type { Facts, VideoFacts } from '../src/facts.ts'
import { findTools, type Limits, MediaConfig, plan, toLimits } from '../src/index.ts'
import type { PlannedVariant } from '../src/planned.ts'
import type { VariantMessage } from '../src/sandbox/answers.ts'
import { variantFileName } from '../src/sandbox/protocol.ts'
import type { SourceWarning, Warn } from '../src/source-warning.ts'
import { probeVideo } from '../src/video/probe/index.ts'
import { renderVideo } from '../src/video/render/index.ts'
import { tempDir } from './pool.ts'

export const tools = await findTools(process.env)
export const noFfmpeg = tools ? undefined : 'this machine has no ffmpeg'
if (noFfmpeg) console.warn(`skipped: ${noFfmpeg}`)

export const LIMITS = toLimits(MediaConfig.parse({}))
const run = promisify(execFile)

/** Has ffmpeg make a file from `args`; returns its path. */
export async function video(name: string, ...args: string[]): Promise<string> {
  const file = path.join(await tempDir(), name)
  await run(tools?.ffmpeg ?? '', ['-v', 'error', '-y', ...args, file], { maxBuffer: 2 ** 26 })
  return file
}

export const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']

/** Returns ffmpeg's arguments for a test video of so many seconds. */
export const testsrc = (size: string, sec: number, rate = 10): string[] => [
  ...['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${sec}`],
]

export const sine = (sec: number): string[] => ['-f', 'lavfi', '-i', `sine=d=${sec}`]

export const probeAny = (
  file: string,
  type: MediaType = 'video/mp4',
  limits: Partial<Limits> = {},
  warn: Warn = () => undefined,
): Promise<Facts> => probeVideo({ file, type, tools, limits: { ...LIMITS, ...limits }, timings: {}, warn })

export async function probe(
  file: string,
  type?: MediaType,
  limits?: Partial<Limits>,
  warn?: Warn,
): Promise<VideoFacts> {
  const facts = await probeAny(file, type, limits, warn)
  if (facts.kind !== 'video') throw new Error(`${file} is of kind ${facts.kind}`)
  return facts
}

export interface Made {
  facts: VideoFacts
  outDir: string
  planned: readonly PlannedVariant[]
  announced: VariantMessage[]
  /** In the order in which they came. */
  progress: { value: number; stage: string }[]
  placeholder: Placeholder | null
  /** What probe and render warned of. */
  warnings: SourceWarning[]
  /** Path of a variant's file. */
  file(name: string): string
  text(name: string): Promise<string>
}

interface MakeOptions {
  type?: MediaType
  limits?: Partial<Limits>
  /** Names of the variants to make; all when left out. */
  only?: readonly string[]
}

/** Probes, plans and renders in this process. */
export async function make(file: string, specs: object[], options: MakeOptions = {}): Promise<Made> {
  const limits = { ...LIMITS, ...options.limits }
  const warnings: SourceWarning[] = []
  const warn = (warning: SourceWarning) => warnings.push(warning)
  const facts = await probe(file, options.type, limits, warn)
  const definition = PresetDefinition.parse({ video: { variants: specs } })
  const planned = plan(facts, definition).variants
  const variants = planned.filter(({ name }) => options.only?.includes(name) ?? true)
  const outDir = await tempDir()
  const announced: VariantMessage[] = []
  const progress: Made['progress'] = []
  const { placeholder } = await renderVideo({
    file,
    facts,
    variants,
    outDir,
    limits,
    tools,
    timings: {},
    warn,
    announce: message => announced.push(message),
    progress: (value, stage) => progress.push({ value, stage }),
  })
  const fileOf = (name: string) => {
    const variant = planned.find(one => one.name === name)
    if (!variant) throw new Error(`${name} was not planned`)
    return path.join(outDir, variantFileName(variant))
  }
  const text = (name: string) => readFile(fileOf(name), 'utf8')
  return { facts, outDir, planned, announced, progress, placeholder, warnings, file: fileOf, text }
}

/** Returns the codes of the faults with which variants were announced, by name. */
export const faults = ({ announced }: Made): Record<string, string> =>
  Object.fromEntries(announced.flatMap(message => ('fault' in message ? [[message.name, message.fault.code]] : [])))

export interface Shown {
  format: Record<string, string> & { tags?: Record<string, string> }
  streams: (Record<string, string | number> & { tags?: Record<string, string>; side_data_list?: object[] })[]
}

/** Reads a file with ffprobe, without any restriction of ours. */
export async function ffprobe(file: string, ...args: string[]): Promise<Shown> {
  const show = ['-v', 'error', '-print_format', 'json', '-show_format', '-show_streams', ...args]
  const { stdout } = await run(tools?.ffprobe ?? '', [...show, file], { maxBuffer: 2 ** 26 })
  return JSON.parse(stdout)
}

/** Decodes all of a file; returns what ffmpeg complains about. */
export async function complaints(file: string): Promise<string> {
  const { stderr } = await run(tools?.ffmpeg ?? '', [
    '-v',
    'warning',
    '-i',
    file,
    '-enc_time_base:v',
    '1:90000',
    '-fps_mode',
    'passthrough',
    '-f',
    'null',
    '-',
  ])
  return stderr
}

/** Reads red, green and blue of the pixel at these fractions (0 to 1) of an image or a video's first frame. */
export async function pixelAt(file: string, x: number, y: number): Promise<number[]> {
  const isVideo = /\.(mp4|webm|mkv|mov|ts|avi)$/.test(file)
  const image = isVideo ? await video('frame.png', '-i', file, '-frames:v', '1') : file
  const { data, info } = await sharp(image)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const at = (Math.floor(y * (info.height - 1)) * info.width + Math.floor(x * (info.width - 1))) * info.channels
  return [...data.subarray(at, at + 3)]
}

/** Returns the largest difference of two colours in any channel. */
export const distance = (one: readonly number[], other: readonly number[]): number =>
  Math.max(...one.map((value, n) => Math.abs(value - (other[n] ?? 0))))

/** Lists the types of an MP4's top-level boxes, in order. */
export async function boxesOf(file: string): Promise<string[]> {
  const bytes = await readFile(file)
  const types: string[] = []
  for (let at = 0; at < bytes.length; at += Math.max(8, bytes.readUInt32BE(at))) {
    types.push(bytes.toString('latin1', at + 4, at + 8))
  }
  return types
}
