import { OrphanReport } from '@darkroom/contracts'
import { readOrphanReport } from '@darkroom/db/operations'
import { problems, type Route, withZod } from '../route.ts'

/** Shows what does not fit between rows and store. */
export const readOrphansRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/admin/orphans',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      schema: {
        operationId: 'getOrphans',
        tags: ['Admin'],
        summary: 'Get the last comparison of database and store',
        description:
          'A worker compares them once a day and removes nothing. `npx darkroom orphans --remove` on the server removes bytes that no row accounts for.',
        response: { 200: OrphanReport, ...problems },
      },
    },
    async () => {
      const report = await readOrphanReport(database.db)
      if (!report) return { finishedAt: null, counts: NOTHING, examples: [] }
      const { finishedAt, counts, examples } = report
      return OrphanReport.parse({ finishedAt: finishedAt.toISOString(), counts: { ...NOTHING, ...counts }, examples })
    },
  )
}

const NOTHING = { object_without_row: 0, missing_object: 0, open_multipart: 0 }
