import autocannon from 'autocannon'
import { sampleTree } from '../measure/process-tree.ts'
import type { Server } from './setting.ts'

export interface Load {
  requestsPerSec: number
  p50Ms: number
  p99Ms: number
  /** Answers by status. */
  statuses: Record<string, number>
  /** Of the process that answers, per request. */
  cpuMs: number
}

export interface LoadOptions {
  connections: number
  seconds: number
  /** What one connection asks for, over and over, in turn. */
  requestsOf(connection: number): autocannon.Request[]
}

const cpuOf = (pid: number): number => sampleTree(pid).reduce((sum, { cpuMs }) => sum + cpuMs, 0)

/** Connections that each ask again as soon as they have an answer. */
export async function load({ url, forked }: Server, options: LoadOptions): Promise<Load> {
  const { connections, seconds, requestsOf } = options
  let started = 0
  const before = cpuOf(forked.pid)
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    setupClient: client => client.setRequests(requestsOf(started++)),
  })
  if (result.errors > 0) throw new Error(`${result.errors} requests to ${url} failed`)
  const total = result.requests.total
  return {
    requestsPerSec: total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    statuses: Object.fromEntries(
      Object.entries(result.statusCodeStats ?? {}).map(([status, { count }]) => [status, count ?? 0]),
    ),
    cpuMs: (cpuOf(forked.pid) - before) / total,
  }
}
