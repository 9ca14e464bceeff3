import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { median } from '../measure/statistics.ts'
import { say } from '../progress.ts'
import { table } from '../report/table.ts'
import { measureFollowers } from './followers.ts'
import type { Load } from './load.ts'
import type { PairedRuns } from './paired-runs.ts'
import { measurePollers } from './pollers.ts'
import { measurePresign } from './presign.ts'
import { openSetting } from './setting.ts'

// One API process under load: polling without news, presigning, following. Each beside the least that a server could do.

/** Of the requests per second of a bare route. */
const TARGET = 0.5

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '8' },
    pollers: { type: 'string', default: '10000' },
    connections: { type: 'string', default: '100' },
    followers: { type: 'string', default: '2000' },
  },
})
const given = [values.rounds, values.seconds, values.pollers, values.connections, values.followers]
const [rounds, seconds, pollers, connections, count] = given.map(Number)
if (!rounds || !seconds || !pollers || !connections || !count) throw new Error('every option is a number above 0')

await using opened = new AsyncDisposableStack()
const before = loadavg()[0] ?? 0
const setting = await openSetting(opened)
const duels = [
  await measurePollers(setting, { pollers, connections, seconds, rounds }),
  await measurePresign(setting, { seconds, rounds }),
]
say(`${count} followers`)
const followers = await measureFollowers(setting, { followers: count, seconds: seconds * 2 })
console.log(`\nload average ${before.toFixed(1)} before\n`)
console.log(duelsTable(duels))
const { events, p50Ms, p95Ms, worstMs } = followers
console.log(
  `\n${followers.followers} followers: ${events.told} of ${events.made} changes told; event to client p50 ${p50Ms.toFixed(1)} ms, p95 ${p95Ms.toFixed(1)} ms, worst ${worstMs.toFixed(1)} ms (target: p95 under 100)`,
)

/** Formats a table of requests/s and CPU time, because requests/s mean little on a busy machine. */
function duelsTable(duels: readonly PairedRuns[]): string {
  const micros = (ms: number[]) => (median(ms) * 1000).toFixed(0)
  const row = ({ name, ours, bare, ratios, ratio, cpuRatios, cpuRatio }: PairedRuns) => [
    name,
    `${micros(ours.map(run => run.cpuMs))} : ${micros(bare.map(run => run.cpuMs))}`,
    `${micros(ours.map(run => run.postgresCpuMs))} : ${micros(bare.map(run => run.postgresCpuMs))}`,
    `${cpuRatio.toFixed(2)} (${cpuRatios.map(one => one.toFixed(2)).join(' ')})`,
    `${median(ours.map(run => run.requestsPerSec)).toFixed(0)} : ${median(bare.map(run => run.requestsPerSec)).toFixed(0)}`,
    `${ratio.toFixed(2)} (${ratios.map(one => one.toFixed(2)).join(' ')})`,
    median(ours.map(run => run.p99Ms)).toFixed(0),
    `${mebibytes(ours)} : ${mebibytes(bare)}`,
    ratio >= TARGET ? 'pass' : 'FAIL',
  ]
  const columns = ['CPU µs', 'Postgres µs', 'ratio by CPU', 'requests/s', 'ratio by requests/s', 'p99 ms', 'peak MiB']
  return table(['one API process : bare', ...columns, `requests/s ≥ ${TARGET}`], duels.map(row))
}

function mebibytes(runs: readonly Load[]): string {
  return (Math.max(...runs.map(({ peakRssBytes }) => peakRssBytes)) / 2 ** 20).toFixed(0)
}
