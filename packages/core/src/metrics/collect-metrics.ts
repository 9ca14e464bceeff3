import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { MEASUREMENTS, type Measurement } from './measure.ts'
import { type DatabaseMetric, METRICS, type MetricName } from './table.ts'

type Labels = Record<string, string>

export interface MetricsCollector {
  readonly contentType: string
  /** Replaces all samples of a metric that is read from the database. */
  set(name: DatabaseMetric, samples: readonly { labels?: Labels; value: number }[]): void
  /** Formats all metrics in the Prometheus text format. */
  format(): Promise<string>
  /** Collects no more. */
  close(): void
}

/**
 * Collects what this process measures from now on, with the memory, event loop and garbage collection of the process. Loads its
 * library only then: most processes are never scraped.
 * @param options.readsDatabase whether the process also shows metrics that are read from the database
 */
export async function collectMetrics({ readsDatabase }: { readsDatabase: boolean }): Promise<MetricsCollector> {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const gauges = new Map<string, InstanceType<typeof Gauge>>()
  const record = new Map<string, (labels: Labels, value: number) => void>()
  for (const name of Object.keys(METRICS) as MetricName[]) {
    const metric = METRICS[name]
    if (metric.from === 'database' && !readsDatabase) continue
    const options = { name, help: metric.help, labelNames: Object.keys(metric.labels), registers: [registry] }
    if (metric.type === 'gauge') {
      const gauge = new Gauge(options)
      gauges.set(name, gauge)
      record.set(name, (labels, value) => gauge.set(labels, value))
    } else if (metric.type === 'counter') {
      const counter = new Counter(options)
      record.set(name, (labels, value) => counter.inc(labels, value))
    } else {
      const histogram = new Histogram({ ...options, buckets: [...metric.buckets] })
      record.set(name, (labels, value) => histogram.observe(labels, value))
    }
  }
  const recordMeasurement = (message: unknown) => {
    const { name, labels, value } = message as Measurement
    record.get(name)?.(labels, value)
  }
  subscribe(MEASUREMENTS.name, recordMeasurement)
  return {
    contentType: registry.contentType,
    set(name, samples) {
      const gauge = gauges.get(name)
      gauge?.reset()
      for (const { labels = {}, value } of samples) gauge?.set(labels, value)
    },
    format: () => registry.metrics(),
    close() {
      unsubscribe(MEASUREMENTS.name, recordMeasurement)
    },
  }
}
