import { writeFile } from 'node:fs/promises'
import { fromRaster } from '../../image/raster.ts'
import { finishVariant, variantFile } from '../../pipeline/finish-variant.ts'
import { tryVariants } from '../../pipeline/try-variant.ts'
import type { PlannedPeaks, PlannedWaveform } from '../planned.ts'
import { drawWaveform } from '../wave/draw.ts'
import { type PeakMeter, peakMeter } from '../wave/peak-meter.ts'
import { peaksJson } from '../wave/peaks-json.ts'
import { readSamples, waveChannels } from '../wave/read-samples.ts'
import type { AudioRenderContext } from './context.ts'
import { progressOf } from './progress.ts'

type Wave = PlannedPeaks | PlannedWaveform

/** Peaks as numbers and as images, all out of one decode. */
export const wavesStep = {
  name: 'waves',
  async run(context: AudioRenderContext): Promise<readonly string[]> {
    const variants = context.variants.filter(variant => variant.type === 'peaks' || variant.type === 'waveform')
    if (variants.length === 0) return []
    const made: string[] = []
    await tryVariants(context, variants, async () => {
      const meters = new Map(variants.map(variant => [variant, meterFor(context, variant)]))
      const hear = (samples: Int16Array) => {
        for (const meter of meters.values()) meter.add(samples)
      }
      await readSamples(context, context.source, hear, progressOf(context, variants))
      for (const [variant, meter] of meters) {
        if (await tryVariants(context, [variant], () => write(context, variant, meter))) made.push(variant.name)
      }
    })
    return made
  },
} as const

function meterFor({ source }: AudioRenderContext, variant: Wave): PeakMeter {
  const points = variant.type === 'peaks' ? variant.points : variant.width
  const samples = ((source.durationMs + 1) * source.sampleRate) / 1000
  return peakMeter(Math.max(1, Math.ceil(samples / points)), waveChannels(source))
}

async function write(context: AudioRenderContext, variant: Wave, meter: PeakMeter): Promise<void> {
  const bytes = variant.type === 'peaks' ? toJson(context, meter) : await toImage(variant, meter)
  await writeFile(variantFile(context, variant), bytes)
  await finishVariant(context, variant, variant, bytes)
}

const toJson = ({ source }: AudioRenderContext, meter: PeakMeter): Buffer =>
  Buffer.from(peaksJson(meter.peaks(), source.sampleRate))

/** Few colours and sharp edges: without loss is smaller than with. */
const ENCODINGS = { webp: { lossless: true }, png: { compressionLevel: 9 } } as const

const toImage = (variant: PlannedWaveform, meter: PeakMeter): Promise<Buffer> =>
  fromRaster(drawWaveform(meter.peaks(), variant)).toFormat(variant.format, ENCODINGS[variant.format]).toBuffer()
