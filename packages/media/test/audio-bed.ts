import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Placeholder, PresetDefinition, typeOfFilename } from '@darkroom/contracts'
import { type Limits, MediaConfig, type PlannedVariant, plan, toLimits } from '../src/index.ts'
import type { VariantMessage } from '../src/sandbox/answers.ts'
import { hostTool } from '../src/sandbox/host-tool.ts'
import { probe, render } from '../src/sandbox/methods.ts'
import { variantFileName } from '../src/sandbox/protocol.ts'
import type { SourceWarning, Warn } from '../src/source-warning.ts'
import { tempDir } from './pool.ts'

export const TOOLS = { ffmpeg: hostTool('ffmpeg'), ffprobe: hostTool('ffprobe') }
const exec = promisify(execFile)

const typeOf = (file: string): string => typeOfFilename(file) ?? ''

/** Makes a file of this name with ffmpeg; sources are lavfi graphs or absolute paths. */
export async function make(name: string, sources: readonly string[], ...args: string[]): Promise<string> {
  const file = path.join(await tempDir(), name)
  const inputs = sources.flatMap(source => (path.isAbsolute(source) ? ['-i', source] : ['-f', 'lavfi', '-i', source]))
  await exec(TOOLS.ffmpeg, ['-v', 'error', '-y', ...inputs, ...args, file])
  return file
}

export const deps = (overrides: Partial<Limits> = {}) => ({
  limits: { ...toLimits(MediaConfig.parse({})), ...overrides },
  tools: TOOLS,
  timings: {},
  warn: () => undefined,
})

/** Probes a file as the type that its name suggests. */
export async function factsOf(
  file: string,
  overrides: Partial<Limits> = {},
  declaredType = typeOf(file),
  warn: Warn = () => undefined,
) {
  const facts = await probe({ file, declaredType }, { ...deps(overrides), warn })
  if (facts.kind !== 'audio') throw new Error(`${file} is taken for ${facts.kind}`)
  return facts
}

/** Probes a file. @returns the facts, and the warnings that the owner sees */
export async function warnedOf(file: string, declaredType?: string) {
  const warnings: SourceWarning[] = []
  const facts = await factsOf(file, {}, declaredType, warning => warnings.push(warning))
  return { facts, warnings }
}

export interface Rendered {
  facts: Awaited<ReturnType<typeof factsOf>>
  planned: PlannedVariant[]
  /** Paths of the variants that stand, by name. */
  files: Record<string, string>
  reports: VariantMessage[]
  progress: number[]
  placeholder: Placeholder | null
}

/** Probes, plans and renders in this process. */
export async function renderFile(
  file: string,
  variants: readonly object[],
  declaredType = typeOf(file),
): Promise<Rendered> {
  const facts = await factsOf(file, {}, declaredType)
  const definition = PresetDefinition.parse({ audio: { variants } })
  const { variants: planned } = plan(facts, definition)
  const outDir = await tempDir()
  const reports: VariantMessage[] = []
  const progress: number[] = []
  const { placeholder } = await render(
    { file, facts, variants: planned, outDir },
    { ...deps(), announce: message => reports.push(message), progress: value => progress.push(value) },
  )
  const files = reports
    .filter(report => 'sha256' in report)
    .map(({ name }) => [name, path.join(outDir, fileName(planned, name))])
  return { facts, planned, files: Object.fromEntries(files), reports, progress, placeholder }
}

const fileName = (planned: readonly PlannedVariant[], name: string): string => {
  const variant = planned.find(variant => variant.name === name)
  if (!variant) throw new Error(`${name} was not planned`)
  return variantFileName(variant)
}

export interface Inspected {
  codec: string
  channels: number
  sampleRate: number
  durationSec: number
  tags: Record<string, string>
}

/** Reads a file with ffprobe. */
export async function inspect(file = ''): Promise<Inspected> {
  const { stdout } = await exec(TOOLS.ffprobe, [
    ...['-v', 'error', '-print_format', 'json', '-show_format', '-show_streams', file],
  ])
  const { streams, format } = JSON.parse(stdout)
  const [{ codec_name: codec, channels, sample_rate, tags }] = streams
  const durationSec = Number(format.duration)
  return { codec, channels, sampleRate: Number(sample_rate), durationSec, tags: { ...tags, ...format.tags } }
}

/** Measures LUFS and dBTP with ffmpeg. */
export async function loudnessOf(file = ''): Promise<{ integrated: number; truePeak: number }> {
  const { stderr } = await exec(TOOLS.ffmpeg, [
    ...['-hide_banner', '-nostats', '-i', file, '-map', '0:a', '-af', 'ebur128=peak=true', '-f', 'null', '-'],
  ])
  const last = (pattern: RegExp) => Number([...stderr.matchAll(pattern)].at(-1)?.[1]?.replace('inf', 'Infinity'))
  return { integrated: last(/I:\s+(\S+) LUFS/g), truePeak: last(/Peak:\s+(\S+) dBFS/g) }
}

const RATE = 48_000
/** Of full scale: louder than what a codec makes of silence. */
const HEARD = 0.05

/** Decodes an audio file as a player does: one channel of floats at 48 kHz. */
export async function samplesOf(file = ''): Promise<Float32Array> {
  const raw = ['-map', '0:a', '-ac', '1', '-ar', String(RATE), '-f', 'f32le', '-']
  const { stdout } = await exec(TOOLS.ffmpeg, ['-v', 'error', '-i', file, ...raw], {
    encoding: 'buffer',
    maxBuffer: 2 ** 28,
  })
  return new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length))
}

/** Returns when the first audible sample is, in seconds. */
export const onsetOf = async (file = ''): Promise<number> =>
  (await samplesOf(file)).findIndex(sample => Math.abs(sample) > HEARD) / RATE
