import { sampleTree } from '../measure/process-tree.ts'

/** CPU time of what an upload keeps busy, in seconds. */
export interface ServerCpu {
  api: number
  postgres: number
  store: number
}

/** Reads how much CPU time the servers, which are children of this process, have had so far. */
export function serverCpu(apiPid: number): ServerCpu {
  const all = sampleTree(process.pid)
  const sumOf = (samples: typeof all) =>
    samples.reduce((sum, { cpuMs, reapedCpuMs }) => sum + cpuMs + reapedCpuMs, 0) / 1000
  return {
    api: sumOf(all.filter(({ pid }) => pid === apiPid)),
    postgres: sumOf(all.filter(({ role }) => role === 'postgres')),
    store: sumOf(all.filter(({ role }) => role === 'store')),
  }
}

export const difference = (after: ServerCpu, before: ServerCpu): ServerCpu => ({
  api: after.api - before.api,
  postgres: after.postgres - before.postgres,
  store: after.store - before.store,
})
