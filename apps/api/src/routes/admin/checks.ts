import { InstallationChecks } from '@darkroom/contracts'
import { problems, type Route, withZod } from '../route.ts'

/** Returns what the checks of `darkroom doctor` that only read found last. */
export const readChecksRoute: Route = (app, { checks }) => {
  withZod(app).get(
    '/v1/admin/checks',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      schema: {
        operationId: 'getChecks',
        tags: ['Admin'],
        summary: 'Get the checks of this installation',
        description:
          'What `darkroom doctor` checks of the store, the database and the queue, without the checks that store objects. They run in the background when somebody looks, at most every ten minutes, or every minute while something is amiss.',
        response: { 200: InstallationChecks, ...problems },
      },
    },
    () => {
      const { checkedAt, isRunning, results } = checks.read()
      const count = (state: string) => results.filter(each => each.state === state).length
      return {
        checkedAt: checkedAt?.toISOString() ?? null,
        isRunning,
        faults: count('fault'),
        warnings: count('warning'),
        checks: results.map(({ id, title, state, seen, cause = null, fix = null }) => ({
          id,
          title,
          state,
          seen,
          cause,
          fix,
        })),
      }
    },
  )
}
