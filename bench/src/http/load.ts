import autocannon from 'autocannon'
import { type ProcessSample, sampleTree } from '../measure/process-tree.ts'
import type { Server } from './setting.ts'

export interface Load {
  requestsPerSec: number
  p50Ms: number
  p99Ms: number
  /** Answers by status. */
  statuses: Record<string, number>
  /** Of the process that answers, per request. */
  cpuMs: number
  /** Of all of Postgres, per request. */
  postgresCpuMs: number
  /** The most that the process that answers ever held. */
  peakRssBytes: number
}

export interface LoadOptions {
  connections: number
  /** How long, or how many requests. */
  seconds?: number
  amount?: number
  /** What one connection asks for, over and over, in turn. */
  requestsOf(connection: number): autocannon.Request[]
}

const cpuOf = (samples: ProcessSample[]): number =>
  samples.reduce((sum, { cpuMs, reapedCpuMs }) => sum + cpuMs + reapedCpuMs, 0)
/** Its processes descend from the benchmark's own. */
const postgresCpu = () => cpuOf(sampleTree(process.pid).filter(({ role }) => role === 'postgres'))

/** Returns the timeout: 10,000 connections take longer to open than the 10 seconds that autocannon allows. */
const timeoutSecOf = (connections: number) => Math.max(10, connections / 100)

/** Connections that each ask again as soon as they have an answer. */
export async function load({ url, forked }: Server, options: LoadOptions): Promise<Load> {
  const { connections, seconds, amount, requestsOf } = options
  let started = 0
  const before = { own: cpuOf(sampleTree(forked.pid)), postgres: postgresCpu() }
  const result = await autocannon({
    url,
    timeout: timeoutSecOf(connections),
    connections,
    ...(seconds !== undefined && { duration: seconds }),
    ...(amount !== undefined && { amount }),
    setupClient: client => client.setRequests(requestsOf(started++)),
  })
  if (result.errors > 0) throw new Error(`${result.errors} requests to ${url} failed`)
  const after = sampleTree(forked.pid)
  const total = result.requests.total
  return {
    requestsPerSec: total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    statuses: Object.fromEntries(
      Object.entries(result.statusCodeStats ?? {}).map(([status, { count }]) => [status, count ?? 0]),
    ),
    cpuMs: (cpuOf(after) - before.own) / total,
    postgresCpuMs: (postgresCpu() - before.postgres) / total,
    peakRssBytes: Math.max(...after.map(({ peakRssBytes }) => peakRssBytes)),
  }
}
