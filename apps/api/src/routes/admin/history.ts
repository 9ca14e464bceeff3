import { HISTORY_RANGES, History, HistoryQuery, type HistoryRange } from '@darkroom/contracts'
import type { Database } from '@darkroom/db/client'
import {
  type EndedRuns,
  endedRuns,
  type HistorySpan,
  type Latencies,
  readLatencies,
  readSamples,
  type SampledBucket,
} from '@darkroom/db/operations'
import { problems, type Route, withZod } from '../route.ts'
import { keptBriefly } from './kept-briefly.ts'

type Point = History['points'][number]

/** Shows how the pipeline did over time. */
export const readHistoryRoute: Route = (app, { database, clock }) => {
  const read = keptBriefly((range: HistoryRange) => readHistory(database.db, range, clock.now()), clock)
  withZod(app).get(
    '/v1/admin/history',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      schema: {
        operationId: 'getHistory',
        tags: ['Admin'],
        summary: 'Get the history of the pipeline',
        description:
          'Throughput, errors and latencies, queue, workers, store and database, in intervals. An answer is kept for five seconds. Assets created more than two hours before the range are not in the latencies.',
        querystring: HistoryQuery,
        response: { 200: History, ...problems },
      },
    },
    request => read(request.query.range),
  )
}

async function readHistory(db: Database, range: HistoryRange, now: Date): Promise<History> {
  const { seconds, bucketSec } = HISTORY_RANGES[range]
  const bucketMs = bucketSec * 1000
  // The interval that has begun is the last.
  const toMs = Math.floor(now.getTime() / bucketMs) * bucketMs + bucketMs
  const fromMs = toMs - seconds * 1000
  const span: HistorySpan = { from: new Date(fromMs), to: new Date(toMs), bucketSec }
  const [runs, latencies, samples] = await Promise.all([
    endedRuns(db, span),
    readLatencies(db, span),
    readSamples(db, span),
  ])
  const [runsAt, latencyAt, sampleAt] = [
    Map.groupBy(runs, ({ at }) => at),
    new Map(latencies.map(row => [row.at, row])),
    new Map(samples.map(row => [row.at, row])),
  ]
  const points = Array.from({ length: seconds / bucketSec }, (_, index): Point => {
    const at = fromMs + index * bucketMs
    return {
      at: new Date(at).toISOString(),
      ...runsOf(runsAt.get(at) ?? []),
      ...latencyOf(latencyAt.get(at)),
      ...sampleOf(sampleAt.get(at)),
    }
  })
  return { range, bucketSec, from: span.from.toISOString(), to: span.to.toISOString(), points }
}

/** How a run ends that did what there was to do; one that is `incomplete` made all that is required. */
const SUCCEEDED: ReadonlySet<string> = new Set(['succeeded', 'incomplete', 'skipped', 'done'])

function runsOf(rows: EndedRuns[]): Pick<Point, 'succeeded' | 'failed' | 'errors'> {
  const sum = (some: EndedRuns[]) => some.reduce((total, { runs }) => total + runs, 0)
  const isSuccess = ({ outcome }: EndedRuns) => SUCCEEDED.has(outcome)
  const failures = rows.filter(row => !isSuccess(row) && row.code !== null)
  const byCode = Map.groupBy(failures, ({ code }) => code ?? '')
  return {
    succeeded: sum(rows.filter(isSuccess)),
    failed: sum(failures),
    errors: Object.fromEntries([...byCode].map(([code, some]) => [code, sum(some)])),
  }
}

type LatencyPart = Pick<Point, 'ready' | 'previewP50Ms' | 'previewP95Ms' | 'readyP50Ms' | 'readyP95Ms'>

const NO_LATENCY: LatencyPart = { ready: 0, previewP50Ms: null, previewP95Ms: null, readyP50Ms: null, readyP95Ms: null }

function latencyOf(row: Latencies | undefined): LatencyPart {
  if (!row) return NO_LATENCY
  const { at: _, ...part } = row
  return part
}

type SamplePart = Omit<Point, 'at' | 'succeeded' | 'failed' | 'errors' | keyof LatencyPart>

const NO_SAMPLE: SamplePart = {
  queued: null,
  running: null,
  oldestWaitingSec: null,
  databaseMs: null,
  storeMs: null,
  storeFailed: 0,
  bytes: null,
  objects: null,
  workers: null,
  load: null,
  memory: null,
}

function sampleOf(row: SampledBucket | undefined): SamplePart {
  if (!row) return NO_SAMPLE
  const { at: _, ...part } = row
  return part
}
