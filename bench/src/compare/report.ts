import { table } from '../report/table.ts'
import type { ComparedAudio, ComparedImage, Comparison, NotCompared } from './compare-file.ts'
import { AUDIO_LIMITS, IMAGE_LIMITS } from './limits.ts'

export const isImage = (one: Comparison): one is ComparedImage => 'measures' in one && 'ssimMin' in one.measures
export const isAudio = (one: Comparison): one is ComparedAudio => 'measures' in one && 'correlation' in one.measures
export const isLeftOut = (one: Comparison): one is NotCompared => 'reason' in one

const nameOf = (one: Comparison): string => ('variant' in one ? `${one.source}, ${one.variant}` : one.source)

const verdict = (faults: readonly string[]): string => (faults.length === 0 ? 'PASS' : 'FAIL')

/** Formats all comparisons as text: a table for images and videos, one for audio, and what was left out. */
export function comparisonText(all: readonly Comparison[]): string {
  const seen = table(
    ['seen', 'made', 'frames', 'SSIM min', 'mean', 'limit', 'ΔE mean', 'limit', 'p99', 'limit', ''],
    all.filter(isImage).map(imageRow),
  )
  const heard = table(
    ['heard', 'made', 'correlation', 'limit', 'late ms', 'limit', 'longer ms', 'limit', ''],
    all.filter(isAudio).map(audioRow),
  )
  const left = all.filter(isLeftOut).map(({ source, reason }) => `not compared: ${source} (${reason})`)
  const failed = all.filter(({ faults }) => faults.length > 0)
  const faults = failed.map(one => `FAIL ${nameOf(one)}: ${one.faults.join('; ')}`)
  const sum = `${all.length - left.length} compared, ${failed.length} beyond their limits, ${left.length} not compared`
  return [seen, heard, left.join('\n'), faults.join('\n'), sum].filter(Boolean).join('\n\n')
}

function imageRow({ source, output, measures, faults }: ComparedImage): string[] {
  const { ssimMin, deltaEMean, deltaEP99 } = IMAGE_LIMITS[output]
  return [
    source,
    output,
    String(measures.frames),
    measures.ssimMin.toFixed(4),
    measures.ssimMean.toFixed(4),
    String(ssimMin),
    measures.deltaEMean.toFixed(2),
    String(deltaEMean),
    measures.deltaEP99.toFixed(2),
    String(deltaEP99),
    verdict(faults),
  ]
}

function audioRow({ source, output, measures, faults }: ComparedAudio): string[] {
  const { correlation, offMs, longerMs } = AUDIO_LIMITS[output]
  return [
    source,
    output,
    measures.correlation.toFixed(4),
    String(correlation),
    measures.offMs.toFixed(2),
    String(offMs),
    measures.longerMs.toFixed(0),
    String(longerMs),
    verdict(faults),
  ]
}
