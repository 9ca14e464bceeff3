import { collectMetrics, type DatabaseMetric, type MetricsCollector } from '@darkroom/core/metrics'
import { type Gauges, readGauges } from '@darkroom/db/operations'
import { z } from 'zod'
import { problems, type Route, withZod } from '../route.ts'

/**
 * Numbers for Prometheus: those of this process, counted from the first request for them, and those of the pipeline, read from the
 * database when asked.
 */
export const metricsRoute: Route = (app, { database }) => {
  let collecting: Promise<MetricsCollector> | undefined
  app.addHook('onClose', async () => (await collecting)?.close())
  withZod(app).get(
    '/metrics',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      schema: {
        operationId: 'getMetrics',
        tags: ['System'],
        summary: 'Get metrics for Prometheus',
        description: 'Scrape this with an operator key as the bearer token.',
        response: {
          200: {
            description: 'Metrics in the Prometheus text format.',
            content: { 'text/plain': { schema: z.string() } },
          },
          ...problems,
        },
      },
    },
    async (_request, reply) => {
      collecting ??= collectMetrics({ readsDatabase: true })
      const metrics = await collecting
      const samples = samplesOf(await readGauges(database.db))
      for (const name of Object.keys(samples) as DatabaseMetric[]) metrics.set(name, samples[name])
      return reply.header('content-type', metrics.contentType).send(await metrics.format())
    },
  )
}

type Samples = Parameters<MetricsCollector['set']>[1]

const samplesOf = (gauges: Gauges): Record<DatabaseMetric, Samples> => ({
  darkroom_jobs: gauges.jobs.map(({ queue, status, count }) => ({ labels: { queue, status }, value: count })),
  darkroom_queue_paused: gauges.pausedQueues.map(queue => ({ labels: { queue }, value: 1 })),
  darkroom_queue_age_seconds: gauges.queueAges.map(({ queue, ageSec }) => ({ labels: { queue }, value: ageSec })),
  darkroom_undispatched_age_seconds: [{ value: gauges.undispatchedAgeSec }],
  darkroom_unsettled_age_seconds: [{ value: gauges.unsettledAgeSec }],
  darkroom_leases_lost_last_hour: [{ value: gauges.leasesLostLastHour }],
  darkroom_purge_backlog: [{ value: gauges.purgeBacklog }],
  darkroom_workers: [{ value: gauges.workers }],
  darkroom_alarms: gauges.openAlarms.map(({ code, count }) => ({ labels: { code }, value: count })),
  darkroom_database_connections: gauges.connections.map(({ application, state, count }) => ({
    labels: { application, state },
    value: count,
  })),
})
