import { type Gauges, readGauges } from '@darkroom/db/operations'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { z } from 'zod'
import { problems, type Route, withZod } from '../route.ts'

/** Numbers for Prometheus: those of this process, and those of the pipeline, read from the database when asked. */
export const metricsRoute: Route = (app, { database }) => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const show = createPipelineGauges(registry)
  withZod(app).get(
    '/metrics',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      schema: {
        operationId: 'getMetrics',
        tags: ['System'],
        summary: 'Metrics for Prometheus',
        description: 'Scrape it with an operator key as bearer token.',
        response: {
          200: { description: 'In the text format of Prometheus.', content: { 'text/plain': { schema: z.string() } } },
          ...problems,
        },
      },
    },
    async (_request, reply) => {
      show(await readGauges(database.db))
      return reply.header('content-type', registry.contentType).send(await registry.metrics())
    },
  )
}

/** Registers the pipeline's gauges; answers what sets them. */
function createPipelineGauges(registry: Registry): (gauges: Gauges) => void {
  const gauge = <T extends string>(name: string, help: string, labelNames: T[] = []) =>
    new Gauge({ name: `darkroom_${name}`, help, labelNames, registers: [registry] })
  const jobs = gauge('jobs', 'Jobs that wait, run or have failed.', ['queue', 'status'])
  const alarms = gauge('alarms', 'Alarms that are open.', ['code'])
  const paused = gauge('queue_paused', '1 for each queue that is paused.', ['queue'])
  const single = {
    undispatchedAgeSec: gauge('undispatched_age_seconds', 'Age of the oldest due job that was handed to nobody.'),
    unsettledAgeSec: gauge('unsettled_age_seconds', 'Time since the confirm of the oldest asset still processing.'),
    leasesLostLastHour: gauge('leases_lost_last_hour', 'Attempts that lost their lease within the last hour.'),
    purgeBacklog: gauge('purge_backlog', 'Objects that are due to be deleted.'),
    workers: gauge('workers', 'Workers that are alive.'),
  }
  return gauges => {
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
}
