import type { ComparedAudio, ComparedImage, Comparison } from '../compare/compare-file.ts'
import { AUDIO_LIMITS, IMAGE_LIMITS } from '../compare/limits.ts'
import { isAudio, isImage, isLeftOut } from '../compare/report.ts'
import { mean } from '../measure/statistics.ts'

const HEAD = `## Comparison with sharp, ffmpeg and pdfium

Every output for the shared corpus and for generated files (formats, rotations, matrices, ranges, frame rates), compared with the output of the underlying tool for the same
file: \`npm run compare\` prints each of them ([how](../bench/README.md#compare-output-with-sharp-ffmpeg-and-pdfium)), \`npm test\` checks two dozen. The tables have the worst of all files, with its limit.
SSIM is of each frame; ΔE is CIEDE2000 over all frames of a file.`

/** Formats the worst result of each kind of output beside its limits, and what was left out. */
export function comparisonSection(all: readonly Comparison[]): string {
  const seen = [...Map.groupBy(all.filter(isImage), ({ output }) => output)].map(([, group]) => imageRow(group))
  const heard = [...Map.groupBy(all.filter(isAudio), ({ output }) => output)].map(([, group]) => audioRow(group))
  const failed = all.filter(({ faults }) => faults.length > 0)
  const left = all.filter(isLeftOut).map(({ source, reason }) => `${source} (${reason})`)
  return [
    HEAD,
    table(
      ['output', 'compared with', 'files', 'frames', 'SSIM, worst frame', 'mean ΔE', 'ΔE, 99th percentile', ''],
      seen,
    ),
    table(['output', 'compared with', 'files', 'correlation', 'late, ms', 'longer, ms', ''], heard),
    `${all.length - left.length} compared, ${failed.length} exceed their limits.`,
    left.length > 0 ? `Not compared: ${left.join(', ')}.` : '',
  ]
    .filter(Boolean)
    .join('\n\n')
}

function imageRow(group: readonly ComparedImage[]): string[] {
  const [first] = group
  if (!first) return []
  const limits = IMAGE_LIMITS[first.output]
  const of = (get: (one: ComparedImage['measures']) => number) => group.map(({ measures }) => get(measures))
  const frames = of(measures => measures.frames).reduce((sum, count) => sum + count, 0)
  const ssim = `${Math.min(...of(({ ssimMin }) => ssimMin)).toFixed(3)} (mean ${mean(of(({ ssimMean }) => ssimMean)).toFixed(3)}), at least ${limits.ssimMin}`
  const deltaEMean = `${Math.max(...of(one => one.deltaEMean)).toFixed(2)}, at most ${limits.deltaEMean}`
  const deltaEP99 = `${Math.max(...of(one => one.deltaEP99)).toFixed(2)}, at most ${limits.deltaEP99}`
  return [first.output, limits.reference, `${group.length}`, `${frames}`, ssim, deltaEMean, deltaEP99, verdict(group)]
}

function audioRow(group: readonly ComparedAudio[]): string[] {
  const [first] = group
  if (!first) return []
  const limits = AUDIO_LIMITS[first.output]
  const of = (get: (one: ComparedAudio['measures']) => number) => group.map(({ measures }) => get(measures))
  const farthest = (values: number[]) => Math.max(...values.map(Math.abs))
  const correlation = `${Math.min(...of(one => one.correlation)).toFixed(3)}, at least ${limits.correlation}`
  const late = `${farthest(of(({ offMs }) => offMs)).toFixed(2)}, at most ${limits.offMs}`
  const longer = `${farthest(of(({ longerMs }) => longerMs)).toFixed(0)}, at most ${limits.longerMs}`
  return [first.output, limits.reference, `${group.length}`, correlation, late, longer, verdict(group)]
}

const verdict = (group: readonly Comparison[]): string =>
  group.every(({ faults }) => faults.length === 0) ? 'PASS' : '**FAIL**'

const table = (header: readonly string[], rows: readonly string[][]): string =>
  [header, header.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
