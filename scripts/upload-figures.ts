import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TARGET, type UploadResults, type UploadSetResult } from '../bench/src/upload/results.ts'
import { markdownTable } from './markdown-table.ts'

const PUBLISHED = join(import.meta.dirname, '../bench/published/upload.json')

/** Reads the results of the last `npm run bench:upload -- --publish`; null in a checkout without them. */
export function publishedUploads(): UploadResults | null {
  return existsSync(PUBLISHED) ? (JSON.parse(readFileSync(PUBLISHED, 'utf8')) as UploadResults) : null
}

/** Formats a run as Markdown: its conditions, and a table for each set of files. */
export function uploadFigures(results: UploadResults | null): string {
  if (!results) return '`npm run bench:upload -- --publish` has not been run yet.'
  return [conditions(results), ...results.sets.map(setTable)].join('\n\n')
}

function conditions({ startedAt, machine, load, rounds }: UploadResults): string {
  const { cores, cpu, node, aws, rclone } = machine
  return [
    `\`npm run bench:upload -- --publish\` on ${startedAt.slice(0, 10)}, medians of ${rounds} rounds.`,
    `${cores} cores (${cpu}), load ${load.before.toFixed(1)} before and ${load.after.toFixed(1)} after, Node ${node}, ${shortVersion(aws)}, ${shortVersion(rclone)}.`,
  ].join('\n')
}

const shortVersion = (version: string | null): string => version?.split(' Python')[0] ?? 'one of them not installed'

function setTable({ name, rows, ratios }: UploadSetResult): string {
  const titles = ['MB/s', 'seconds', 'CPU s of client', 'API', 'Postgres', 'store', 'of the best', `≥ ${TARGET}`]
  const columns = [{ title: name }, ...titles.map(title => ({ title, isNumber: true }))]
  const lines = rows.map(({ client, label, megabytesPerSec, seconds, cpuSec, servers }) => {
    const ratio = ratios[client]
    return [
      label,
      megabytesPerSec.toFixed(0),
      seconds.toFixed(2),
      ...[cpuSec, servers.api, servers.postgres, servers.store].map(sec => sec.toFixed(1)),
      ratio?.toFixed(2) ?? '',
      ratio === undefined ? '' : verdict(ratio),
    ]
  })
  return markdownTable(columns, lines)
}

const verdict = (ratio: number): string => (ratio >= TARGET ? 'yes' : 'no')
