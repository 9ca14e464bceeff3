export { collectMetrics, type MetricsCollector } from './collect-metrics.ts'
export { measure, stopwatch } from './measure.ts'
export { type DatabaseMetric, METRICS } from './table.ts'
