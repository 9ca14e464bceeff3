import { type Gauges, readGauges } from '@darkroom/db/operations'
import type { Registry } from 'prom-client'
import { z } from 'zod'
import { problems, type Route, withZod } from '../route.ts'

/**
 * Numbers for Prometheus: those of this process, counted from the first request for them, and those of the pipeline, read from the
 * database when asked.
 */
export const metricsRoute: Route = (app, { database }) => {
  let metrics: Promise<Metrics> | undefined
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
      metrics ??= createMetrics()
      const { registry, show } = await metrics
      show(await readGauges(database.db))
      return reply.header('content-type', registry.contentType).send(await registry.metrics())
    },
  )
}

interface Metrics {
  registry: Registry
  /** Sets the pipeline's gauges. */
  show(gauges: Gauges): void
}

/** Loads the library only for who is asked: most processes are never scraped. */
async function createMetrics(): Promise<Metrics> {
  const { collectDefaultMetrics, Gauge, Registry } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const gauge = <T extends string>(name: string, help: string, labelNames: T[] = []) =>
    new Gauge({ name: `darkroom_${name}`, help, labelNames, registers: [registry] })
  const jobs = gauge('jobs', 'Number of waiting, running and failed jobs.', ['queue', 'status'])
  const alarms = gauge('alarms', 'Number of open alarms.', ['code'])
  const paused = gauge('queue_paused', '1 if the queue is paused.', ['queue'])
  const single = {
    undispatchedAgeSec: gauge('undispatched_age_seconds', 'Age of the oldest due job that is not dispatched yet.'),
    unsettledAgeSec: gauge(
      'unsettled_age_seconds',
      'Time since the confirm of the oldest asset that is still processing.',
    ),
    leasesLostLastHour: gauge('leases_lost_last_hour', 'Attempts that lost their lease in the last hour.'),
    purgeBacklog: gauge('purge_backlog', 'Number of objects waiting to be deleted.'),
    workers: gauge('workers', 'Number of live workers.'),
  }
  const show = (gauges: Gauges) => {
    for (const group of [jobs, alarms, paused]) group.reset()
    for (const { queue, status, count } of gauges.jobs) jobs.set({ queue, status }, count)
    for (const { code, count } of gauges.openAlarms) alarms.set({ code }, count)
    for (const queue of gauges.pausedQueues) paused.set({ queue }, 1)
    single.undispatchedAgeSec.set(gauges.undispatchedAgeSec)
    single.unsettledAgeSec.set(gauges.unsettledAgeSec)
    single.leasesLostLastHour.set(gauges.leasesLostLastHour)
    single.purgeBacklog.set(gauges.purgeBacklog)
    single.workers.set(gauges.workers)
  }
  return { registry, show }
}
