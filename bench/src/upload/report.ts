import { table } from '../report/table.ts'
import { TARGET, type UploadResults, type UploadSetResult } from './results.ts'

/** Formats all results for a terminal. */
export function uploadReport({ machine, load, rounds, sets }: UploadResults): string {
  const { cpu, cores, node, aws, rclone } = machine
  const heading = [
    `${cores} × ${cpu}; Node ${node}, aws ${aws ?? 'not installed'}, rclone ${rclone ?? 'not installed'}`,
    `medians of ${rounds} rounds; load average ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after`,
  ].join('\n')
  return `\n${[heading, ...sets.map(setReport)].join('\n\n')}\n`
}

function setReport({ name, rows, best, ratios }: UploadSetResult): string {
  const columns = ['MB/s', 'seconds', 'CPU s of client', 'API', 'Postgres', 'store', 'of the best', `≥ ${TARGET}`]
  const lines = rows.map(({ client, label, megabytesPerSec, seconds, cpuSec, servers }) => {
    const ratio = ratios[client]
    return [
      client === best ? `${label} (best)` : label,
      megabytesPerSec.toFixed(0),
      seconds.toFixed(2),
      ...[cpuSec, servers.api, servers.postgres, servers.store].map(sec => sec.toFixed(2)),
      ratio?.toFixed(2) ?? '',
      ratio === undefined ? '' : verdict(ratio),
    ]
  })
  return table([name, ...columns], lines)
}

const verdict = (ratio: number): string => (ratio >= TARGET ? 'pass' : 'FAIL')
