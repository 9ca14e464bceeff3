import type { CpuByRole, MemoryByRole } from '../measure/process-watch.ts'
import type { Photo } from '../photos/photo.ts'

export interface Run {
  images: number
  seconds: number
}

/** Something that makes the variants of photos, with its processes up and waiting. */
export interface Contender {
  id: string
  label: string
  pids: number[]
  /** What has to be done before the race; neither its time nor its CPU counts. */
  prepare?(photos: readonly Photo[]): Promise<void>
  /** Makes every variant of every photo. */
  run(photos: readonly Photo[]): Promise<Run>
  /** Throws unless the last run made what it should; does not count either. */
  check?(): Promise<void>
  close(): Promise<void>
}

export interface MeasuredRun extends Run {
  cpuMs: CpuByRole
  memory: MemoryByRole
}
