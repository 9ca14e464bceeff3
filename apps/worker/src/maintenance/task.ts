import type { WorkerDeps } from '../deps.ts'

export type MaintenanceDeps = Pick<WorkerDeps, 'database' | 'store' | 'logger' | 'settings' | 'tempDir' | 'faults'>

/** Something that has to happen without anybody asking. */
export interface Task {
  name: string
  everyMs: number
  /** Small steps, each of its own transaction and safe to repeat: any number of workers may run it at once. */
  run(deps: MaintenanceDeps, signal: AbortSignal): Promise<unknown>
}

/** Rows that one run of a task takes at most. */
export const BATCH = 200
