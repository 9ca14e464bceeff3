import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROW_IDS } from '../bench/src/contenders/row-ids.ts'
import type { Results } from '../bench/src/results.ts'
import { rowOf } from '../bench/src/targets.ts'
import { markdownTable } from './markdown-table.ts'

const PUBLISHED = join(import.meta.dirname, '../bench/published/photos.json')

/** Reads the results of the last `npm run bench -- --publish`; null in a checkout without them. */
export function publishedResults(): Results | null {
  return existsSync(PUBLISHED) ? (JSON.parse(readFileSync(PUBLISHED, 'utf8')) as Results) : null
}

/** Returns half a sentence for the README: what share of sharp's speed is reached, with the store over S3. */
export function speedPhrase(results: Results | null): string {
  if (!results) return 'much of'
  return `${rowOf(results.contenders, ROW_IDS.darkroomOverS3).timesLimit.toFixed(2)} of`
}

/** Formats a run as Markdown: its conditions, rows, first preview and targets. */
export function figuresSection(results: Results | null): string {
  if (!results) return '`npm run bench -- --publish` has not been run yet.'
  return [conditions(results), rows(results), preview(results), targets(results)].join('\n\n')
}

function conditions({ startedAt, machine, load, photos, rounds }: Results): string {
  return [
    `\`npm run bench -- --publish\` on ${startedAt.slice(0, 10)}: ${photos.count} photos of the shared corpus, medians of ${rounds} rounds.`,
    `${machine.cores} cores (${machine.cpu}), load ${load.before.toFixed(1)} before and ${load.after.toFixed(1)} after,`,
    `Node ${machine.node}, sharp ${machine.sharp}, sandbox ${machine.sandbox}.`,
  ].join('\n')
}

const ROLES = ['main', 'media', 'postgres', 'store'] as const

function rows({ contenders }: Results): string {
  const columns = [
    { title: 'row' },
    ...['images/s', '× limit', '× ipx', 'CPU ms/image', ...ROLES].map(title => ({ title, isNumber: true })),
  ]
  return markdownTable(
    columns,
    contenders.map(({ label, imagesPerSec, timesLimit, timesIpx, cpuMsPerImageTotal, cpuMsPerImage }) => [
      label,
      imagesPerSec.median.toFixed(2),
      timesLimit.toFixed(2),
      timesIpx.toFixed(2),
      cpuMsPerImageTotal.toFixed(0),
      ...ROLES.map(role => cpuMsPerImage[role]?.toFixed(0) ?? ''),
    ]),
  )
}

function preview({ firstPreview: { megapixels, sharpMs, poolMs, publishedMs } }: Results): string {
  const ms = (value: number) => `${value.toFixed(0)} ms`
  return [
    `First preview of a JPEG of ${megapixels.toFixed(0)} MP: sharp alone ${ms(sharpMs)}, Darkroom ${ms(poolMs)} from bytes on disk to the file,`,
    `${ms(publishedMs)} from confirm to published, without the download.`,
  ].join('\n')
}

const targets = ({ targets }: Results): string =>
  markdownTable(
    [{ title: 'target' }, { title: 'wanted', isNumber: true }, { title: 'found', isNumber: true }, { title: 'met' }],
    targets.map(({ what, wanted, found, isMet }) => [what, wanted, found, isMet ? 'yes' : 'no']),
  )
