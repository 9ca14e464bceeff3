import { join } from 'node:path'
import type { Facts, PlannedVariant } from '@darkroom/media'
import { type Maker, outputName } from '../maker.ts'
import { ffmpeg, gainFilter } from './run-ffmpeg.ts'

type Planned<Type extends PlannedVariant['type']> = Extract<PlannedVariant, { type: Type }>
type VideoFacts = Extract<Facts, { kind: 'video' }>

/** x264's names of Darkroom's efforts. */
const PRESETS = ['ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium', 'slow', 'slower', 'veryslow']
const PREVIEW_FPS = 10

/** Calls ffmpeg as a person would: the posters, the preview and the video, in the colours that each of them needs. */
export const bareVideo = async (): Promise<Maker> => ({
  id: 'bare',
  label: 'ffmpeg by hand',
  async make({ name, facts, variants }, workDir) {
    if (facts.kind !== 'video') throw new Error(`${name} is no video`)
    const source = join(workDir, name)
    const of = <Type extends PlannedVariant['type']>(type: Type) =>
      variants.filter((variant): variant is Planned<Type> => variant.type === type)
    const output = (variant: PlannedVariant) => join(workDir, outputName(variant))
    await makePosters(source, facts, of('poster'), output)
    for (const preview of of('preview')) await makePreview(source, facts, preview, output(preview))
    for (const rendition of of('rendition')) await makeRendition(source, facts, rendition, output(rendition))
    return 0
  },
  close: async () => undefined,
})

/** Makes all posters from one frame at a tenth of the video. */
async function makePosters(
  source: string,
  { durationMs }: VideoFacts,
  posters: Planned<'poster'>[],
  output: (poster: PlannedVariant) => string,
): Promise<void> {
  const outputs = posters.flatMap(poster => {
    const { width, height, quality } = poster
    const filter = `scale=${width}:${height}:force_original_aspect_ratio=increase,crop=${width}:${height}`
    return ['-frames:v', '1', '-vf', filter, '-c:v', 'libwebp', '-quality', String(quality), output(poster)]
  })
  await ffmpeg('-ss', String(durationMs / 10_000), '-i', source, ...outputs)
}

/** Scales before it converts colours, if that is needed, as Darkroom does: in one step it takes a third longer. */
function scaled(from: VideoFacts['colorMatrix'], to: 'bt709' | 'bt601', width: number, height: number): string {
  const colors = `in_color_matrix=${from}:out_color_matrix=${to}:out_range=tv`
  return from === to ? `scale=${width}:${height}:${colors}` : `scale=${width}:${height},scale=${colors}`
}

/** Makes a preview of one-second moments spread over the video. */
async function makePreview(
  source: string,
  { durationMs, colorMatrix }: VideoFacts,
  { width, height, durationSec, quality }: Planned<'preview'>,
  output: string,
): Promise<void> {
  const videoSec = durationMs / 1000
  const count = videoSec <= durationSec ? 1 : Math.round(durationSec)
  const lengthSec = durationSec / count
  const starts = Array.from({ length: count }, (_, n) => Math.max(0, ((n + 0.5) * videoSec) / count - lengthSec / 2))
  const inputs = starts.flatMap(start => ['-ss', String(start), '-t', String(lengthSec), '-i', source])
  const parts = starts.map((_, n) => `[${n}:v]fps=${PREVIEW_FPS},${scaled(colorMatrix, 'bt601', width, height)}[p${n}]`)
  const joined = `${starts.map((_, n) => `[p${n}]`).join('')}concat=n=${count}:v=1:a=0[video]`
  const encoder = ['-c:v', 'libwebp_anim', '-quality', String(quality), '-loop', '0']
  await ffmpeg(...inputs, '-filter_complex', [...parts, joined].join(';'), '-map', '[video]', ...encoder, output)
}

async function makeRendition(
  source: string,
  { hasAudio, colorMatrix }: VideoFacts,
  { width, height, crf, effort, audioBitrateKbps, loudness }: Planned<'rendition'>,
  output: string,
): Promise<void> {
  const filters = hasAudio && loudness !== null ? ['-af', await gainFilter(source, loudness)] : []
  const audio = hasAudio ? [...filters, '-c:a', 'aac', '-b:a', `${audioBitrateKbps}k`, '-ac', '2', '-ar', '48000'] : []
  await ffmpeg(
    ...['-i', source, '-vf', `${scaled(colorMatrix, 'bt709', width, height)},format=yuv420p`],
    ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
    ...['-c:v', 'libx264', '-profile:v', 'high', '-preset', PRESETS[effort] ?? 'faster', '-crf', String(crf)],
    ...[...audio, '-map_metadata', '-1', '-movflags', '+faststart', output],
  )
}
