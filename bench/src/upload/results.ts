import { median } from '../measure/statistics.ts'
import { type ClientId, OURS } from './client-ids.ts'
import { CLIENTS } from './clients.ts'
import type { CommandRun } from './run-command.ts'
import type { ServerCpu } from './server-cpu.ts'

/** One upload of all files of a set. */
export interface UploadRun extends CommandRun {
  servers: ServerCpu
}

/** One client with one set of files: medians over the rounds. */
export interface UploadRow {
  client: ClientId
  label: string
  seconds: number
  /** Of each round. */
  allSeconds: number[]
  megabytesPerSec: number
  cpuSec: number
  servers: ServerCpu
}

export interface UploadSetResult {
  name: string
  rows: UploadRow[]
  /** The fastest of the others; null where none was measured. */
  best: ClientId | null
  /** Of each client of Darkroom: the time of the best other one over its own, the median over the rounds. */
  ratios: Partial<Record<ClientId, number>>
}

export interface UploadResults {
  startedAt: string
  machine: { cpu: string; cores: number; node: string; aws: string | null; rclone: string | null }
  /** One-minute load average before the first round and after the last. */
  load: { before: number; after: number }
  rounds: number
  sets: UploadSetResult[]
}

/** Of the speed of the best other client. */
export const TARGET = 0.9

/** Summarizes the runs of one set, by client in the order of the rounds. */
export function summarizeSet(
  name: string,
  totalBytes: number,
  runs: ReadonlyMap<ClientId, readonly UploadRun[]>,
): UploadSetResult {
  const rows = [...runs].map(([client, all]) => rowOf(client, totalBytes, all))
  const others = rows.filter(({ client }) => !OURS.includes(client))
  const best = others.toSorted((a, b) => a.seconds - b.seconds)[0] ?? null
  const ratios: UploadSetResult['ratios'] = {}
  for (const { client, allSeconds } of rows.filter(({ client }) => OURS.includes(client))) {
    if (best) ratios[client] = median(allSeconds.map((own, round) => (best.allSeconds[round] ?? Number.NaN) / own))
  }
  return { name, rows, best: best?.client ?? null, ratios }
}

function rowOf(client: ClientId, totalBytes: number, runs: readonly UploadRun[]): UploadRow {
  const medianOf = (value: (run: UploadRun) => number) => median(runs.map(value))
  const seconds = medianOf(run => run.seconds)
  return {
    client,
    label: CLIENTS[client].label,
    seconds,
    allSeconds: runs.map(run => run.seconds),
    megabytesPerSec: totalBytes / 1e6 / seconds,
    cpuSec: medianOf(run => run.cpuSec),
    servers: {
      api: medianOf(({ servers }) => servers.api),
      postgres: medianOf(({ servers }) => servers.postgres),
      store: medianOf(({ servers }) => servers.store),
    },
  }
}
