import figures from './figures.json' with { type: 'json' }
import prices from './prices.json' with { type: 'json' }

export const KINDS = ['photo', 'video', 'document'] as const
export type CostedKind = (typeof KINDS)[number]

/** An installation that takes the same number of files every month, and keeps all of them. */
export interface Workload {
  filesPerMonth: Record<CostedKind, number>
  /** Mean size of an original, in bytes; those of the measured files, if absent. Variants stay as large, CPU time as long. */
  originalBytes?: Partial<Record<CostedKind, number>>
  /** The month to look at; the first is 1. */
  month: number
  /** What viewers download from the store in a month, in bytes; what a CDN answers from its cache is none of it. */
  egressBytes: number
  /** Whether the CDN is a partner of Backblaze, to which egress is free. */
  isPartnerCdn: boolean
}

/** What a month needs, and what B2 bills for it in US dollars. */
export interface CostEstimate {
  storedBytes: number
  egressBytes: number
  /** Calls of the month by B2's classes. */
  calls: Record<CallClass, number>
  /** CPU time of API and workers, in hours of one core. */
  cpuHours: number
  usd: { storage: number; egress: number; calls: number; total: number }
}

type CallClass = keyof typeof prices.calls.perCall

const DAYS_PER_MONTH = 30
const BYTES_PER_GB = 1e9
const BYTES_PER_TB = 1e12

/** All other calls are of class C. https://www.backblaze.com/cloud-storage/transaction-pricing */
const CLASSES: Record<string, CallClass> = {
  AbortMultipartUpload: 'A',
  CompleteMultipartUpload: 'A',
  CreateMultipartUpload: 'A',
  DeleteObject: 'A',
  DeleteObjects: 'A',
  PutObject: 'A',
  UploadPart: 'A',
  GetObject: 'B',
  HeadObject: 'B',
}

export const classOf = (operation: string): CallClass => CLASSES[operation] ?? 'C'

/** Estimates one month. Each file counts as the measured files of its kind do (`figures.json`); prices are in `prices.json`. */
export function estimateCost(workload: Workload): CostEstimate {
  const { filesPerMonth, month } = workload
  const sum = (of: (kind: CostedKind) => number) =>
    KINDS.reduce((total, kind) => total + filesPerMonth[kind] * of(kind), 0)
  const originalOf = (kind: CostedKind) => workload.originalBytes?.[kind] ?? figures.kinds[kind].originalBytes
  const storedBytes = sum(kind => originalOf(kind) + figures.kinds[kind].variantBytes) * month
  // A worker reads each original once.
  const egressBytes = workload.egressBytes + sum(originalOf)
  const calls: CostEstimate['calls'] = { A: 0, B: 0, C: 0 }
  for (const kind of KINDS)
    for (const [operation, count] of Object.entries(figures.kinds[kind].calls))
      calls[classOf(operation)] += count * filesPerMonth[kind]
  const billedEgressBytes = workload.isPartnerCdn ? sum(originalOf) : egressBytes
  const usd = {
    storage: storagePrice(storedBytes),
    egress: egressPrice(billedEgressBytes, storedBytes),
    calls: callsPrice(calls),
  }
  return {
    storedBytes,
    egressBytes,
    calls,
    cpuHours: sum(kind => figures.kinds[kind].cpuSec) / 3600,
    usd: { ...usd, total: usd.storage + usd.egress + usd.calls },
  }
}

const storagePrice = (bytes: number): number =>
  (Math.max(0, bytes - prices.storage.freeGb * BYTES_PER_GB) / BYTES_PER_TB) * prices.storage.perTbMonth

const egressPrice = (bytes: number, storedBytes: number): number =>
  (Math.max(0, bytes - prices.egress.freeTimesStored * storedBytes) / BYTES_PER_GB) * prices.egress.perGb

/** Prices calls by their class, each with a number that is free, as if the files came evenly over the month. */
function callsPrice(calls: CostEstimate['calls']): number {
  const free = prices.calls.freePerDay * DAYS_PER_MONTH
  const classes = Object.keys(calls) as CallClass[]
  return classes.reduce((total, each) => total + Math.max(0, calls[each] - free) * prices.calls.perCall[each], 0)
}
