import { type AuditEntry, AuditPage, AuditQuery } from '@darkroom/contracts'
import { type ListedAuditEntry, listAuditEntries } from '@darkroom/db/operations'
import { adminReach } from '../../auth/principal.ts'
import { decodeCursor, toPage } from '../page.ts'
import { problems, type Route, withZod } from '../route.ts'

/** Lists what admins changed, and what they were refused. */
export const listAuditRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/admin/audit',
    {
      onRequest: app.requireAdmin(),
      schema: {
        operationId: 'listAudit',
        tags: ['Admin'],
        summary: 'List changes made by admins',
        description:
          'Newest first. Every operation that needs the scope `admin` and changes something is recorded, as well as changes of presets and webhook endpoints. Entries are kept for 400 days. Operators see all projects; other keys see their own.',
        querystring: AuditQuery,
        response: { 200: AuditPage, ...problems },
      },
    },
    async request => {
      const { cursor, limit, projectId, after, before, ...filter } = request.query
      const reach = adminReach(request.principal, projectId)
      const rows = await listAuditEntries(
        database.db,
        { ...filter, projectId: reach, madeAfter: after, madeBefore: before },
        { after: decodeCursor(cursor), limit: limit + 1 },
      )
      const { items, nextCursor } = toPage(rows, limit, row => row.id)
      return { items: items.map(presentEntry), nextCursor }
    },
  )
}

const presentEntry = ({ at, keyId, ...row }: ListedAuditEntry): AuditEntry => ({
  ...row,
  at: at.toISOString(),
  key: keyId,
})
