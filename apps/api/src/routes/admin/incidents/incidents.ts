import { Incidents } from '@darkroom/contracts'
import { countFailures, readTroubles } from '@darkroom/db/operations'
import { problems, type Route, withZod } from '../../route.ts'
import { keptBriefly } from '../kept-briefly.ts'
import { readOverview } from '../queues-overview.ts'
import { findIncidents } from './rules.ts'

const HOUR_MS = 3_600_000

/** Says what is wrong, since when, whom it affects, and what to do next. */
export const listIncidentsRoute: Route = (app, deps) => {
  const { clock, checks } = deps
  const { db } = deps.database
  const read = keptBriefly(async (log: 'all') => {
    void log
    const now = clock.now()
    const [overview, failures, troubles] = await Promise.all([
      readOverview(deps, app.log),
      countFailures(db, { projectId: null, after: new Date(now.getTime() - HOUR_MS) }),
      readTroubles(db),
    ])
    const { checkedAt, results } = checks.read()
    const faults = results
      .filter(({ state }) => state === 'fault')
      .map(({ id, title, seen, cause = null, fix = null }) => ({ id, title, seen, cause, fix }))
    const items = findIncidents({ now, overview, failures, troubles, faults, checkedAt })
    return { checkedAt: now.toISOString(), items }
  }, clock)
  withZod(app).get(
    '/v1/admin/incidents',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      schema: {
        operationId: 'listIncidents',
        tags: ['Admin'],
        summary: 'List what is wrong now',
        description:
          'Since when, whom it affects, and what to do: from alarms, queues, workers, failures of the last hour, webhooks, backfills, quotas and checks. An answer is kept for five seconds.',
        response: { 200: Incidents, ...problems },
      },
    },
    () => read('all'),
  )
}
