import { METRICS } from '../packages/core/src/metrics/table.ts'
import { markdownTable } from './markdown-table.ts'

/** Writes the reference of metrics from their table. */
export function metricsDocument(generated: string): string {
  return [
    '# Metrics',
    generated,
    'API and workers show metrics in the Prometheus text format. Nothing is sent anywhere: Prometheus, or what is compatible with it, asks for them.',
    '| process | where | who can read them |\n| --- | --- | --- |\n| API | `GET /metrics` on its port | operators: an operator key is the bearer token |\n| worker | `GET /metrics` on `WORKER_METRICS_PORT` of `WORKER_METRICS_HOST`; off by default | everybody who can reach the port: only its own machine by default |',
    `\`\`\`yaml
scrape_configs:
  - job_name: darkroom-api
    authorization: { credentials_file: /etc/prometheus/darkroom-operator-key }
    static_configs: [{ targets: ['darkroom.internal:3000'] }]
  - job_name: darkroom-worker
    static_configs: [{ targets: ['worker-1.internal:9100'] }]
\`\`\``,
    `## Our metrics

Metrics from the database are the same at every API: take the maximum over API processes, not the sum. All others are of one process. An API counts them from the first
request for \`/metrics\`, a worker from its start. \`npm start\` runs both in one process, whose API shows the metrics of the worker too: leave \`WORKER_METRICS_PORT\` unset there, or they are counted twice.

[Alert rules and a dashboard](how-to/operate.md#metrics-and-alerts) for these metrics are in \`deploy/\`.

No label names an asset, a project, a key or a URL, so the number of time series does not grow with use.`,
    ...Object.entries(METRICS).map(([name, { type, unit, help, from, labels }]) =>
      [`### ${name}`, `${help}\n\nType: ${type}. Unit: ${unit}. From: ${from}.`, labelsTable(labels)]
        .filter(part => part !== '')
        .join('\n\n'),
    ),
    `## Metrics of the process

Both processes also show the standard metrics of \`prom-client\`, among them:

| name | meaning |
| --- | --- |
| \`process_resident_memory_bytes\` | memory of the process, without media processes |
| \`process_cpu_seconds_total\` | CPU time of the process, without media processes |
| \`nodejs_eventloop_lag_p99_seconds\` | how late the event loop is |
| \`nodejs_heap_size_used_bytes\` | heap in use |
| \`nodejs_gc_duration_seconds\` | time of garbage collection |`,
  ].join('\n\n')
}

function labelsTable(labels: Readonly<Record<string, string>>): string {
  const rows = Object.entries(labels).map(([label, values]) => [`\`${label}\``, values])
  return rows.length === 0 ? '' : markdownTable([{ title: 'label' }, { title: 'values' }], rows)
}
