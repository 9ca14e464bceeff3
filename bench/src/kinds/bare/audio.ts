import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Facts, PlannedVariant } from '@darkroom/media'
import { type Maker, outputName } from '../maker.ts'
import { ffmpeg, ffmpegToPipe, gainFilter } from './run-ffmpeg.ts'

type Planned<Type extends PlannedVariant['type']> = Extract<PlannedVariant, { type: Type }>

const CODECS: Record<Planned<'sound'>['codec'], string> = { aac: 'aac', opus: 'libopus', mp3: 'libmp3lame' }

/** Calls ffmpeg as a person would: loudness first, then audio, waveform and samples for the peaks in one pass. */
export const bareAudio = async (): Promise<Maker> => ({
  id: 'bare',
  label: 'ffmpeg by hand',
  async make({ name, facts, variants }, workDir) {
    if (facts.kind !== 'audio') throw new Error(`${name} is no audio file`)
    const source = join(workDir, name)
    const output = (variant: PlannedVariant) => join(workDir, outputName(variant))
    const loudness = variants.find(variant => variant.type === 'sound')?.loudness ?? null
    const gain = loudness === null ? 'anull' : await gainFilter(source, loudness)
    const outputs = variants.flatMap(variant => argsOf(variant, gain, output(variant)))
    const peaks = variants.find(variant => variant.type === 'peaks')
    if (!peaks) {
      await ffmpeg('-i', source, ...outputs)
      return 0
    }
    const meter = peakMeter(facts, peaks.points)
    await ffmpegToPipe(['-i', source, ...outputs, '-map', '0:a', '-ac', '1', '-f', 's16le', 'pipe:1'], meter.add)
    await writeFile(output(peaks), meter.json())
    return 0
  },
  close: async () => undefined,
})

function argsOf(variant: PlannedVariant, gain: string, output: string): string[] {
  if (variant.type === 'sound') {
    const { codec, bitrateKbps, channels } = variant
    const tail = codec === 'aac' ? ['-movflags', '+faststart'] : []
    return [
      ...['-map', '0:a', '-af', gain, '-ac', String(channels), '-c:a', CODECS[codec], '-b:a', `${bitrateKbps}k`],
      ...['-map_metadata', '-1', ...tail, output],
    ]
  }
  if (variant.type !== 'waveform') return []
  const { width, height, color } = variant
  const draw = `aformat=channel_layouts=mono,showwavespic=s=${width}x${height}:colors=${color}`
  return ['-filter_complex', `[0:a]${draw}`, '-frames:v', '1', '-c:v', 'libwebp', '-lossless', '1', output]
}

/** Measures the lowest and the highest sample of each point, in eight bits. */
function peakMeter({ durationMs, sampleRate }: Extract<Facts, { kind: 'audio' }>, points: number) {
  const perPoint = Math.max(1, Math.ceil((durationMs * sampleRate) / 1000 / points))
  const data: number[] = []
  let [low, high, count] = [0, 0, 0]
  let rest: Buffer = Buffer.alloc(0)
  const flush = () => {
    data.push(low >> 8, high >> 8)
    ;[low, high, count] = [0, 0, 0]
  }
  return {
    add(chunk: Buffer) {
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      const end = bytes.length - (bytes.length % 2)
      for (let at = 0; at < end; at += 2) {
        const sample = bytes.readInt16LE(at)
        if (sample < low) low = sample
        else if (sample > high) high = sample
        if (++count === perPoint) flush()
      }
      rest = bytes.subarray(end)
    },
    json() {
      if (count > 0) flush()
      const head = { version: 2, channels: 1, sample_rate: sampleRate, samples_per_pixel: perPoint, bits: 8 }
      return JSON.stringify({ ...head, length: data.length / 2, data })
    },
  }
}
