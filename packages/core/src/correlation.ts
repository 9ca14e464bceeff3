import { AsyncLocalStorage } from 'node:async_hooks'
import type { TraceContext } from './tracing/trace-context.ts'

/** What the work that is under way belongs to. Log lines carry it, and jobs keep their request and their trace. */
export interface Correlation {
  readonly requestId?: string
  readonly jobId?: string
  readonly assetId?: string
  /** The span under way. */
  readonly trace?: TraceContext | undefined
}

const NONE: Correlation = {}
const storage = new AsyncLocalStorage<Correlation>()

/** Returns what the caller's work belongs to; empty where nobody said it. */
export const correlation = (): Correlation => storage.getStore() ?? NONE

/** Runs work, with all that it starts, as belonging to these. */
export const withCorrelation = <T>(fields: Correlation, work: () => T): T => storage.run(fields, work)
