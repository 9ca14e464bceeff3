import { availableParallelism, freemem, loadavg, totalmem } from 'node:os'
import type { WorkerLoad } from '@darkroom/contracts'

/** Measures how busy this process and its machine are. */
export function workerLoad(): WorkerLoad {
  const [load = 0] = loadavg()
  // Zero where the system sets no limit.
  const totalBytes = Math.min(process.constrainedMemory() || Number.POSITIVE_INFINITY, totalmem())
  const freeBytes = Math.max(0, Math.min(process.availableMemory(), totalBytes, freeOf(totalBytes)))
  return { cpus: availableParallelism(), load, memoryBytes: process.memoryUsage.rss(), freeBytes, totalBytes }
}

/** What `os` calls free is what the whole machine has; a container may use less. */
const freeOf = (totalBytes: number): number => (totalBytes < totalmem() ? totalBytes : freemem())
