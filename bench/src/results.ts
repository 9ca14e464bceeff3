import { availableParallelism, cpus } from 'node:os'
import { versions } from '@darkroom/media'
import type { FirstPreview } from './checks/first-preview.ts'
import type { PreviewTimes } from './checks/previews.ts'
import type { Quality } from './checks/quality.ts'
import type { Contender } from './contenders/contender.ts'
import { ROW_IDS } from './contenders/row-ids.ts'
import { type CpuByRole, type MemoryByRole, type RoleMemory, sumOf } from './measure/process-watch.ts'
import { median, type Spread, spread } from './measure/statistics.ts'
import type { Runs } from './race.ts'

export interface ContenderResult {
  id: string
  label: string
  imagesPerSec: Spread
  /** Median over rounds of the quotient inside one round. */
  timesLimit: number
  timesIpx: number
  /** Medians per image, by what the process is. */
  cpuMsPerImage: CpuByRole
  cpuMsPerImageTotal: number
  /** Cores that it had on average: fewer than there are means idling, or a busy machine. */
  coresBusy: number
  /** CPU of the limit over its own: what `timesLimit` comes to when nothing else wants the cores and nobody waits. */
  cpuTimesLimit: number
  memory: MemoryByRole
}

export interface Target {
  what: string
  wanted: string
  found: string
  isMet: boolean
}

export interface Results {
  startedAt: string
  machine: { cpu: string; cores: number; node: string; sharp: string; libvips: string; sandbox: string }
  /** One-minute load average before the first round and after the last. */
  load: { before: number; after: number }
  photos: { count: number; megapixels: number; megabytes: number; variantsEach: number }
  rounds: number
  /** The contender that is the limit: the faster way to decode once. */
  limit: string
  contenders: ContenderResult[]
  previews: { idle: PreviewTimes; underLoad: PreviewTimes }
  firstPreview: FirstPreview
  quality: Quality[]
  targets: Target[]
}

export function machine(sandbox: string): Results['machine'] {
  const { sharp, libvips } = versions()
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    sharp,
    libvips,
    sandbox,
  }
}

const speeds = (runs: Runs, id: string): number[] => (runs.get(id) ?? []).map(({ images, seconds }) => images / seconds)

/** Returns the fastest of several contenders by the median. */
export function fastest(runs: Runs, ids: readonly string[]): string {
  const [first = ''] = ids.toSorted((a, b) => median(speeds(runs, b)) - median(speeds(runs, a)))
  return first
}

export function summarize(contenders: readonly Contender[], runs: Runs, limit: string): ContenderResult[] {
  const quotients = (id: string, other: string) => {
    const others = speeds(runs, other)
    return speeds(runs, id).map((speed, round) => speed / (others[round] ?? Number.NaN))
  }
  const cpuMsPerImageOf = (id: string) => median((runs.get(id) ?? []).map(({ cpuMs, images }) => sumOf(cpuMs) / images))
  return contenders.map(({ id, label }) => {
    const own = runs.get(id) ?? []
    const cpuMsPerImageTotal = cpuMsPerImageOf(id)
    return {
      id,
      label,
      imagesPerSec: spread(speeds(runs, id)),
      timesLimit: median(quotients(id, limit)),
      timesIpx: median(quotients(id, ROW_IDS.ipx)),
      cpuMsPerImage: cpuPerImage(own.map(({ cpuMs, images }) => ({ cpuMs, images }))),
      cpuMsPerImageTotal,
      coresBusy: median(own.map(({ cpuMs, seconds }) => sumOf(cpuMs) / 1000 / seconds)),
      cpuTimesLimit: cpuMsPerImageOf(limit) / cpuMsPerImageTotal,
      memory: largest(own.map(({ memory }) => memory)),
    }
  })
}

function cpuPerImage(runs: { cpuMs: CpuByRole; images: number }[]): CpuByRole {
  const roles = Object.keys(runs[0]?.cpuMs ?? {}) as (keyof CpuByRole)[]
  return Object.fromEntries(
    roles.map(role => [role, median(runs.map(({ cpuMs, images }) => (cpuMs[role] ?? 0) / images))]),
  )
}

function largest(all: MemoryByRole[]): MemoryByRole {
  const found: MemoryByRole = {}
  for (const [role, memory] of all.flatMap(one => Object.entries(one) as [keyof MemoryByRole, RoleMemory][])) {
    const before = found[role]
    found[role] = {
      peakOneBytes: Math.max(before?.peakOneBytes ?? 0, memory.peakOneBytes),
      peakSumBytes: Math.max(before?.peakSumBytes ?? 0, memory.peakSumBytes),
      processes: Math.max(before?.processes ?? 0, memory.processes),
    }
  }
  return found
}
