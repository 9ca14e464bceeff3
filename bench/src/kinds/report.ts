import { table } from '../report/table.ts'
import type { Target } from '../results.ts'
import type { AvifDelay } from './avif-delay.ts'
import type { BigVideo } from './big-video.ts'
import type { Comparison } from './compare.ts'

export interface KindResults {
  startedAt: string
  machine: { cpu: string; cores: number; node: string; sharp: string; libvips: string; ffmpeg: string; sandbox: string }
  load: { before: number; after: number }
  kinds: Comparison[]
  /** Null where images were not asked for. */
  avif: AvifDelay | null
  /** Null without `--big`. */
  big: BigVideo | null
  targets: Target[]
}

const MIB = 1024 * 1024

/** Formats all results for a terminal. */
export function kindsText(results: KindResults): string {
  const { machine, load, avif, big } = results
  const sections = [
    [
      `${machine.cores} × ${machine.cpu}; Node ${machine.node}, sharp ${machine.sharp}, libvips ${machine.libvips}, ffmpeg ${machine.ffmpeg}; sandbox: ${machine.sandbox}`,
      `load average ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after`,
    ].join('\n'),
    kindsTable(results.kinds),
    ...results.kinds.map(({ kind, ratios }) => `${kind}: ratio of each run ${ratios.map(two).join(', ')}`),
    ...(avif ? [avifTable(avif)] : []),
    ...(big ? [bigText(big)] : []),
    targetsTable(results.targets),
  ]
  return `\n${sections.join('\n\n')}\n`
}

const two = (value: number): string => value.toFixed(2)

function kindsTable(kinds: readonly Comparison[]): string {
  const header = [
    'kind',
    'files',
    'runs',
    'Darkroom s',
    'of it start',
    'bare s',
    'ratio',
    'lowest',
    'highest',
    'CPU ratio',
    'bare is',
  ]
  const rows = kinds.map(({ kind, inputs, outputs, runs, darkroom, startSeconds, bare, ratio, cpuRatio }) => [
    kind,
    `${inputs.length} → ${outputs}`,
    String(runs),
    ...[
      darkroom.seconds.median,
      startSeconds.median,
      bare.seconds.median,
      ratio.median,
      ratio.min,
      ratio.max,
      cpuRatio.median,
    ].map(two),
    bare.label,
  ])
  return table(header, rows)
}

function avifTable({ photo, runs, firstPreviewMs, allVariantsMs }: AvifDelay): string {
  const rows = (['without', 'with'] as const).map(name => [
    `${name} AVIF`,
    ...[
      firstPreviewMs[name].median,
      firstPreviewMs[name].min,
      firstPreviewMs[name].max,
      allVariantsMs[name].median,
    ].map(value => value.toFixed(0)),
  ])
  return table([`${photo}, ${runs} runs, ms`, 'first preview', 'lowest', 'highest', 'all variants'], rows)
}

function bigText({ bytes, durationSec, seconds, worker, main, mediaPeakBytes, status }: BigVideo): string {
  const mib = (value: number) => `${(value / MIB).toFixed(0)} MiB`
  const memory = ({ idleBytes, peakBytes }: BigVideo['main']) => `${mib(idleBytes)} before, at most ${mib(peakBytes)}`
  return [
    `a video of ${(bytes / 1e9).toFixed(2)} GB and ${durationSec.toFixed(0)} s: ${status} after ${seconds.toFixed(0)} s`,
    `worker: ${memory(worker)}; its media processes at most ${mib(mediaPeakBytes)} together`,
    `API, embedded store and the rest in one process: ${memory(main)}`,
  ].join('\n')
}

function targetsTable(targets: readonly Target[]): string {
  const rows = targets.map(({ what, wanted, found, isMet }) => [what, wanted, found, isMet ? 'pass' : 'FAIL'])
  return table(['target', 'wanted', 'found', ''], rows)
}
