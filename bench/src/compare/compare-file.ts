import { copyFile, mkdir, rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { isAppError } from '@darkroom/core'
import type { Facts, MediaPool, PlannedVariant } from '@darkroom/media'
import { type MadeVariant, type Processed, processFile } from '../measure/process-file.ts'
import { type AudioMeasures, audioSamples, compareAudio } from './compare-audio.ts'
import { compareImages, type ImageMeasures, type Pair } from './compare-images.ts'
import { compareVideos, rhythmOf, type VideoMeasures } from './compare-videos.ts'
import { imageFrames } from './image-frames.ts'
import { type AudioOutput, audioFaults, frameFaults, type ImageOutput, imageFaults } from './limits.ts'
import { pageFrames } from './page-frames.ts'
import { COMPARED } from './preset.ts'
import type { Raster } from './raster.ts'
import { startOf, type VideoFrames, videoFrames } from './video-frames.ts'

export interface SourceFile {
  title: string
  file: string
  declaredType: string
}

interface Judged {
  source: string
  variant: string
  /** What is beyond the limits, in words; empty when nothing is. */
  faults: string[]
}

export interface ComparedImage extends Judged {
  output: ImageOutput
  measures: ImageMeasures | VideoMeasures
}

export interface ComparedAudio extends Judged {
  output: AudioOutput
  measures: AudioMeasures
}

/** What could not be compared, and why: it has no reference, or was refused, which is a fault. */
export interface NotCompared {
  source: string
  reason: string
  faults: string[]
}

export type Comparison = ComparedImage | ComparedAudio | NotCompared

/**
 * Sends a file through the sandboxed pipeline and compares everything that comes out with what sharp, ffmpeg or pdfium make of
 * the file alone. `tempDir` is the pool's.
 */
export async function compareFile(pool: MediaPool, source: SourceFile, tempDir: string): Promise<Comparison[]> {
  const workDir = join(tempDir, `compare-${++count}`)
  const file = join(workDir, `source${extname(source.file)}`)
  await mkdir(workDir, { recursive: true })
  await copyFile(source.file, file)
  try {
    const made = await processFile(pool, { file, declaredType: source.declaredType }, COMPARED, join(workDir, 'made'))
    return await compareAll({ source: source.title, file, workDir }, made)
  } catch (error) {
    if (!isAppError(error)) throw error
    const reason = `refused: ${error.code}`
    return [{ source: source.title, reason, faults: [reason] }]
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}
let count = 0

interface Source {
  source: string
  file: string
  workDir: string
}

async function compareAll(source: Source, { facts, variants, failures: [failure] }: Processed): Promise<Comparison[]> {
  if (failure) throw new Error(`${failure.name} of ${source.source} failed`, { cause: failure.error })
  const lacking = NO_REFERENCE[facts.contentType] ?? NO_REFERENCE[source.source]
  if (lacking) return [{ source: source.source, reason: lacking, faults: [] }]
  const audio =
    facts.kind === 'audio' || (facts.kind === 'video' && facts.hasAudio) ? await audioOf(source, facts) : null
  const video = facts.kind === 'video' ? await videoOf(source, facts, variants) : null
  const all: Comparison[] = []
  for (const variant of variants) {
    const compare = COMPARE[variant.planned.type]
    if (compare) all.push(...(await compare({ ...source, facts, audio, video }, variant)))
  }
  return all
}

/** Of what sharp's npm build cannot open, and of what it is known to read otherwise. */
const NO_REFERENCE: Record<string, string> = {
  'image/heic': 'sharp decodes no HEIC',
  'image/jxl': 'sharp decodes no JPEG XL',
  'avif-8bit-420.avif': 'its nclx says a gamma of 2.2, which sharp ignores',
}

interface Compared extends Source {
  facts: Facts
  audio: Float32Array | null
  video: VideoFrames | null
}

const COMPARE: Partial<
  Record<PlannedVariant['type'], (source: Compared, variant: MadeVariant) => Promise<Comparison[]>>
> = {
  picture: compareStillImage,
  animation: compareAnimation,
  page: comparePage,
  rendition: compareRendition,
  hls: compareHls,
  sound: compareAudioTrack,
}

const audioOf = async ({ file }: Source, { kind }: Facts) =>
  audioSamples(file, kind === 'video' ? await startOf(file) : null)

/** Decodes the source at the size of the renditions, which all have the same size. */
async function videoOf({ file }: Source, facts: Facts & { kind: 'video' }, variants: readonly MadeVariant[]) {
  const { width, height } = variants.map(({ planned }) => planned).find(({ type }) => type === 'rendition') as VideoSize
  return videoFrames(file, String(facts.videoStream), { width, height }, await startOf(file))
}
type VideoSize = Extract<PlannedVariant, { type: 'rendition' }>

const paired = (ours: readonly Raster[], reference: readonly Raster[]): Pair[] =>
  ours.flatMap((frame, n) => {
    const other = reference[n]
    return other ? [[frame, other] as const] : []
  })

type Of<Type extends PlannedVariant['type']> = Extract<PlannedVariant, { type: Type }>

async function compareStillImage({ source, file }: Compared, variant: MadeVariant): Promise<Comparison[]> {
  const { name, format, width, height } = variant.planned as Of<'picture'>
  const [ours, reference] = await Promise.all([
    imageFrames(variant.file, { format }),
    imageFrames(file, { format, size: { width, height } }),
  ])
  const measures = compareImages(paired(ours.frames, reference.frames))
  const output = format as ImageOutput
  return [{ source, variant: name, output, measures, faults: imageFaults(output, measures) }]
}

async function compareAnimation({ source, file }: Compared, variant: MadeVariant): Promise<Comparison[]> {
  const { name, format, width, height } = variant.planned as Of<'animation'>
  const isAnimated = true
  const [ours, reference] = await Promise.all([
    imageFrames(variant.file, { format, isAnimated }),
    imageFrames(file, { format, isAnimated, size: { width, height } }),
  ])
  const measures = compareImages(shownTogether(ours, reference))
  const [made, had] = [ours, reference].map(({ delaysMs }) => delaysMs.reduce((sum, ms) => sum + ms, 0))
  const faults = made === had ? [] : [`it lasts ${made} ms, in the source ${had} ms`]
  return [
    {
      source,
      variant: name,
      output: 'animation',
      measures,
      faults: [...imageFaults('animation', measures), ...faults],
    },
  ]
}

type Moving = Awaited<ReturnType<typeof imageFrames>>

/**
 * Pairs each frame of the source with what ours shows when it begins: encoders make one frame of several equal ones.
 */
function shownTogether(ours: Moving, source: Moving): Pair[] {
  const begins = ({ delaysMs }: Moving) => delaysMs.map((_, n) => delaysMs.slice(0, n).reduce((sum, ms) => sum + ms, 0))
  const starts = begins(ours)
  return begins(source).flatMap((ms, n) => {
    const made = ours.frames[starts.findLastIndex(start => start <= ms)]
    const frame = source.frames[n]
    return made && frame ? [[made, frame] as const] : []
  })
}

async function comparePage({ source, file, workDir }: Compared, variant: MadeVariant): Promise<Comparison[]> {
  const page = variant.planned as Of<'page'>
  const { frames } = await imageFrames(variant.file, { format: page.format })
  const measures = compareImages(paired(frames, await pageFrames(file, page, join(workDir, page.name))))
  return [{ source, variant: page.name, output: 'page', measures, faults: imageFaults('page', measures) }]
}

async function compareRendition(compared: Compared, variant: MadeVariant): Promise<Comparison[]> {
  return compareVideo(compared, variant, 'mp4')
}

/** Compares the renditions of a ladder. The media of a step is one fragmented MP4. */
async function compareHls(compared: Compared, variant: MadeVariant): Promise<Comparison[]> {
  return (variant.planned as Of<'hls'>).part === 'media' ? compareVideo(compared, variant, 'hls') : []
}

async function compareVideo(
  { source, facts, video, audio }: Compared,
  { planned, file }: MadeVariant,
  output: 'mp4' | 'hls',
): Promise<Comparison[]> {
  const [size] = video?.frames ?? []
  if (!video || !size) throw new Error(`${source} has no frames`)
  const variant = planned.name
  const measures = compareVideos(await videoFrames(file, 'v:0', size), video)
  const faults = [...imageFaults(output, measures), ...frameFaults(measures, rhythmOf(video.timesSec))]
  const compared: Comparison[] = [{ source, variant, output, measures, faults }]
  if (!audio || facts.kind !== 'video') return compared
  const heard = compareAudio(await audioSamples(file, 0), audio)
  const audioOutput = `${output} sound` as const
  return [
    ...compared,
    { source, variant, output: audioOutput, measures: heard, faults: audioFaults(audioOutput, heard) },
  ]
}

async function compareAudioTrack({ source, audio }: Compared, { planned, file }: MadeVariant): Promise<Comparison[]> {
  const { name, codec } = planned as Of<'sound'>
  if (!audio) throw new Error(`${source} has no audio`)
  const measures = compareAudio(await audioSamples(file), audio)
  return [{ source, variant: name, output: codec, measures, faults: audioFaults(codec, measures) }]
}
