import { channel } from 'node:diagnostics_channel'
import type { LabelsOf, MeasuredMetric } from './table.ts'

/** One measured value, on its way to whoever collects metrics in this process. */
export interface Measurement {
  name: MeasuredMetric
  labels: Record<string, string>
  value: number
}

/** Where measurements are published. Nobody listens in a process that is not scraped, and they cost nothing there. */
export const MEASUREMENTS = channel('darkroom:measurements')

/** Adds to a counter, observes in a histogram, or sets a gauge, in the unit of the metric. */
export function measure<Name extends MeasuredMetric>(name: Name, labels: LabelsOf<Name>, value = 1): void {
  if (MEASUREMENTS.hasSubscribers) MEASUREMENTS.publish({ name, labels, value } satisfies Measurement)
}

/** Starts a stopwatch. What it returns reads the time since then, in seconds. */
export function stopwatch(): () => number {
  const startedAt = performance.now()
  return () => (performance.now() - startedAt) / 1000
}
