import type { MemoryByRole } from '../measure/process-watch.ts'
import type { ContenderResult, Results } from '../results.ts'
import { table } from './table.ts'

/** Formats all results for a terminal. */
export function reportText(results: Results): string {
  const sections = [
    heading(results),
    speed(results),
    cpuAndMemory(results),
    previews(results),
    quality(results),
    targets(results),
  ]
  return `\n${sections.join('\n\n')}\n`
}

function heading({ machine, load, photos, rounds, limit, contenders }: Results): string {
  const { count, megapixels, megabytes, variantsEach } = photos
  const limitLabel = contenders.find(({ id }) => id === limit)?.label
  return [
    `${count} photos, ${megapixels.toFixed(0)} MP, ${megabytes.toFixed(0)} MB, ${variantsEach} variants each, ${rounds} rounds`,
    `${machine.cores} × ${machine.cpu}; Node ${machine.node}, sharp ${machine.sharp}, libvips ${machine.libvips}; sandbox: ${machine.sandbox}`,
    `load average ${load.before.toFixed(1)} before the rounds, ${load.after.toFixed(1)} after`,
    `the limit: ${limitLabel}`,
  ].join('\n')
}

function speed({ contenders }: Results): string {
  const rows = contenders.map(({ label, imagesPerSec: { min, median, max }, timesLimit, timesIpx }) => [
    label,
    ...[min, median, max, timesLimit, timesIpx].map(figure => figure.toFixed(2)),
  ])
  return table(['images/s', 'min', 'median', 'max', '× limit', '× ipx'], rows)
}

const cpu = ({ cpuMsPerImage: by, cpuMsPerImageTotal }: ContenderResult): string[] =>
  [cpuMsPerImageTotal, by.main, by.media, by.postgres, by.store].map(ms => (ms === undefined ? '' : ms.toFixed(0)))

const mib = (bytes: number | undefined): string => (bytes === undefined ? '' : (bytes / 1024 ** 2).toFixed(0))

function memory({ main, media, postgres }: MemoryByRole): string[] {
  const mediaText = media ? `${mib(media.peakOneBytes)} (${media.processes})` : ''
  const mainText =
    main && main.processes > 1 ? `${mib(main.peakOneBytes)} (${main.processes})` : mib(main?.peakOneBytes)
  return [mainText, mediaText, mib(postgres?.peakSumBytes)]
}

function cpuAndMemory({ contenders }: Results): string {
  const rows = contenders.map(one => [
    one.label,
    ...cpu(one),
    one.cpuTimesLimit.toFixed(2),
    one.coresBusy.toFixed(2),
    ...memory(one.memory),
  ])
  const header = [
    '',
    'CPU ms/image',
    'main',
    'media',
    'Postgres',
    'store',
    '× limit',
    'cores busy',
    'peak MiB: main',
    'media (processes)',
    'Postgres sum',
  ]
  return table(header, rows)
}

function previews({ previews: { idle, underLoad }, firstPreview }: Results): string {
  const { photo, megapixels, sharpMs, poolMs, publishedMs, downloadMs } = firstPreview
  const ms = (value: number) => value.toFixed(0)
  const times = table(
    ['first preview after confirm, ms', 'p50', 'p95', 'photos'],
    [
      ['idle, one photo at a time', ms(idle.p50), ms(idle.p95), String(idle.count)],
      ['all photos at once', ms(underLoad.p50), ms(underLoad.p95), String(underLoad.count)],
    ],
  )
  const one = table(
    [`${photo}, ${megapixels.toFixed(1)} MP`, 'median ms', 'over sharp alone'],
    [
      ['sharp alone: 256 px cover thumb', ms(sharpMs), ''],
      ['Darkroom: bytes on disk to file announced', ms(poolMs), ms(poolMs - sharpMs)],
      [
        `Darkroom: confirm to published, without ${ms(downloadMs)} ms of download`,
        ms(publishedMs),
        ms(publishedMs - sharpMs),
      ],
    ],
  )
  return `${times}\n\n${one}`
}

function quality(results: Results): string {
  const rows = results.quality.map(({ variant, mean, worst, worstPhoto }) => [
    variant,
    mean.toFixed(4),
    worst.toFixed(4),
    worstPhoto,
  ])
  return table(['SSIM, Darkroom to sharp per variant', 'mean', 'worst', 'worst photo'], rows)
}

function targets(results: Results): string {
  const rows = results.targets.map(({ what, wanted, found, isMet }) => [what, wanted, found, isMet ? 'pass' : 'FAIL'])
  return table(['target', 'wanted', 'found', ''], rows)
}
