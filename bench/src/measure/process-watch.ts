import { type ProcessSample, type Role, sampleTree } from './process-tree.ts'

export interface RoleMemory {
  /** The most that one process of this role held, as the kernel counted it. */
  peakOneBytes: number
  /** The most that all of this role held at a moment; shared pages are counted once. */
  peakSumBytes: number
  /** The most processes of this role at a moment. */
  processes: number
}

export type MemoryByRole = Partial<Record<Role, RoleMemory>>
export type CpuByRole = Partial<Record<Role, number>>

const SAMPLE_EVERY_MS = 250

/** Watches processes with all their descendants until it is stopped. */
export function watchProcesses(pids: number[]) {
  const memory: MemoryByRole = {}
  const sampleAll = () => pids.flatMap(sampleTree)
  const look = () => {
    for (const [role, samples] of Map.groupBy(sampleAll(), ({ role }) => role)) {
      memory[role] = merged(memory[role], samples)
    }
  }
  const timer = setInterval(look, SAMPLE_EVERY_MS)
  return {
    /** CPU milliseconds so far, by role. */
    cpuMs(): CpuByRole {
      const cpu: CpuByRole = {}
      for (const { role, cpuMs, reapedCpuMs } of sampleAll()) {
        cpu[role] = (cpu[role] ?? 0) + cpuMs
        // What the main process starts anew, and so reaps, are media processes.
        const reaped = role === 'main' ? 'media' : role
        cpu[reaped] = (cpu[reaped] ?? 0) + reapedCpuMs
      }
      return cpu
    },
    stop(): MemoryByRole {
      clearInterval(timer)
      look()
      return memory
    },
  }
}

function merged(before: RoleMemory | undefined, samples: ProcessSample[]): RoleMemory {
  const largest = (field: 'peakRssBytes' | 'fileBytes' | 'shmemBytes') => Math.max(...samples.map(one => one[field]))
  const anonBytes = samples.reduce((sum, one) => sum + one.anonBytes, 0)
  return {
    peakOneBytes: Math.max(before?.peakOneBytes ?? 0, largest('peakRssBytes')),
    peakSumBytes: Math.max(before?.peakSumBytes ?? 0, anonBytes + largest('fileBytes') + largest('shmemBytes')),
    processes: Math.max(before?.processes ?? 0, samples.length),
  }
}

export const cpuBetween = (before: CpuByRole, after: CpuByRole): CpuByRole =>
  Object.fromEntries(Object.entries(after).map(([role, ms]) => [role, ms - (before[role as Role] ?? 0)]))

export const sumOf = (cpu: CpuByRole): number => Object.values(cpu).reduce((sum, ms) => sum + ms, 0)
