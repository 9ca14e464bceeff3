import { runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts'
import { type FinishContext, finishVariant, variantFile } from '../../pipeline/finish-variant.ts'
import type { PlannedSound } from '../planned.ts'
import { ENCODERS, outputRate } from './encoders.ts'
import { soundFilters } from './filters.ts'
import type { SoundSource } from './source.ts'

/** How much of the time measuring takes. */
const MEASURING = 0.25

/**
 * Writes a sound in another codec and announces it.
 * @throws MediaFault what ffmpeg found wrong, OUTPUT_TOO_LARGE, PRIVATE_METADATA
 */
export async function renderSound(
  context: FinishContext,
  planned: PlannedSound,
  source: SoundSource,
  onProgress: (part: number) => void = () => undefined,
): Promise<void> {
  const channels = Math.min(planned.channels, source.channels)
  const isNormalised = planned.loudness !== null
  const measured = isNormalised ? await source.loudness(channels, part => onProgress(part * MEASURING)) : null
  const start = isNormalised ? MEASURING : 0
  const { file, type, stream, durationMs: totalMs } = source
  const sampleRate = outputRate(planned.codec, source.sampleRate)
  const filters = soundFilters({ channels, source, sampleRate, loudness: planned.loudness }, measured)
  const args = [
    '-map',
    `0:${stream}`,
    '-af',
    filters,
    ...outputArgs(planned, source, channels),
    variantFile(context, planned),
    ...clockArgs(source),
  ]
  await runFfmpeg(context, { file, type, args, totalMs, onProgress: part => onProgress(start + part * (1 - start)) })
  await finishVariant(context, planned)
}

/** Where a format's clock may begin anywhere, ffmpeg counts from the first stream that is read. */
const COUNTS_FROM_WHAT_IS_READ: ReadonlySet<string> = new Set(['video/mp2t', 'video/mpeg'])

/** A second output, of nothing, that has the picture read. */
const clockArgs = ({ type, precededBy }: SoundSource): string[] =>
  precededBy !== null && COUNTS_FROM_WHAT_IS_READ.has(type)
    ? ['-map', `0:${precededBy}`, '-c', 'copy', '-f', 'null', '-']
    : []

function outputArgs({ codec, bitrateKbps }: PlannedSound, { tags }: SoundSource, channels: number): string[] {
  const { encoder, maxKbps, container } = ENCODERS[codec]
  return [
    ...['-c:a', encoder, '-b:a', `${Math.min(bitrateKbps, maxKbps * channels)}k`],
    ...['-map_metadata', '-1', '-map_chapters', '-1'],
    ...Object.entries(tags).flatMap(([name, text]) => ['-metadata', `${name}=${text}`]),
    ...container,
  ]
}
