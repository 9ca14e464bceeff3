import { InvalidArgumentError } from 'commander'
import prettyBytes from 'pretty-bytes'
import { type CostEstimate, estimateCost, type Workload } from '../cost/estimate-cost.ts'
import prices from '../cost/prices.json' with { type: 'json' }
import { commandWithJson, print } from '../output.ts'
import { table } from '../table.ts'

interface Options {
  photos: number
  videos: number
  documents: number
  photoMb?: number
  videoMb?: number
  documentMb?: number
  month: number
  egressGb: number
  partnerCdn?: true
  json?: true
}

/** Calculates what files of each kind cost in a month, with measured figures and the prices of B2; asks no service. */
export const costCommand = () =>
  commandWithJson('cost', {
    description: 'estimate a month: storage, egress and calls of B2, and CPU time',
    example: 'cost --photos 100000 --videos 500 --month 12 --egress-gb 2000',
  })
    .option('--photos <count>', 'photos a month', readNumber, 0)
    .option('--videos <count>', 'videos a month', readNumber, 0)
    .option('--documents <count>', 'PDFs a month', readNumber, 0)
    .option('--photo-mb <mb>', 'mean size of a photo; default: as measured', readNumber)
    .option('--video-mb <mb>', 'mean size of a video; default: as measured', readNumber)
    .option('--document-mb <mb>', 'mean size of a PDF; default: as measured', readNumber)
    .option('--month <number>', 'month to look at; all files are kept', readMonth, 1)
    .option('--egress-gb <gb>', 'what viewers or a CDN download from the store in that month', readNumber, 0)
    .option('--partner-cdn', 'the CDN is a partner of Backblaze, to which egress is free')
    .action((options: Options) => {
      const estimate = estimateCost(workloadOf(options))
      print(options, estimate, () => describeEstimate(estimate, options.month))
    })

const bytesOf = (mb: number | undefined) => (mb === undefined ? undefined : mb * 1e6)

function workloadOf(options: Options): Workload {
  const sizes = {
    photo: bytesOf(options.photoMb),
    video: bytesOf(options.videoMb),
    document: bytesOf(options.documentMb),
  }
  const given = Object.entries(sizes).filter(([, size]) => size !== undefined)
  return {
    filesPerMonth: { photo: options.photos, video: options.videos, document: options.documents },
    originalBytes: Object.fromEntries(given),
    month: options.month,
    egressBytes: options.egressGb * 1e9,
    isPartnerCdn: options.partnerCdn ?? false,
  }
}

/** Says what a month needs and costs, line by line. */
export function describeEstimate(
  { storedBytes, egressBytes, calls, cpuHours, usd }: CostEstimate,
  month: number,
): string {
  const dollars = (amount: number) => amount.toFixed(2)
  const rows = [
    ['storage', prettyBytes(storedBytes), dollars(usd.storage)],
    ['egress', prettyBytes(egressBytes), dollars(usd.egress)],
    ['calls', `${count(calls.A)} A, ${count(calls.B)} B, ${count(calls.C)} C`, dollars(usd.calls)],
    ['total of B2', `month ${month}`, dollars(usd.total)],
    ['CPU', `${cpuHours.toFixed(1)} hours of one core`, ''],
  ]
  const source = `Prices of ${prices.storage.seen}: docs/how-to/cost.md says where they are from, and how the rest was measured.`
  return `${table(['', 'in the month', prices.currency], rows)}\n\n${source}`
}

const count = (calls: number) => Math.round(calls).toLocaleString('en')

function readNumber(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value
  throw new InvalidArgumentError('Expected a number, 0 or more.')
}

function readMonth(text: string): number {
  const month = readNumber(text)
  if (Number.isInteger(month) && month >= 1) return month
  throw new InvalidArgumentError('Expected a month, 1 or more.')
}
