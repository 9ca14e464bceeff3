import { endAuditEntry, insertAuditEntry } from '@darkroom/db/operations'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { entryOf } from '../audit/audited.ts'
import type { ApiDeps } from '../deps.ts'

/**
 * Records what admins were refused. What they did is recorded where it is done. Who could not be identified is in the log of
 * requests only: otherwise anybody could fill the audit log.
 */
export const auditPlugin = fp<{ deps: Pick<ApiDeps, 'database'> }>(
  async (app, { deps: { database } }) => {
    app.decorateRequest('openAuditEntry', null)
    app.addHook('onResponse', async (request, reply) => {
      if (!request.routeOptions.config.audits || !request.principal || reply.statusCode < 400) return
      await recordFailure(database.db, request, reply).catch(error =>
        request.log.error({ err: error }, 'could not record a refused change in the audit log'),
      )
    })
  },
  { name: 'audit', fastify: '5.x', dependencies: ['auth', 'errors'] },
)

async function recordFailure(db: ApiDeps['database']['db'], request: FastifyRequest, reply: FastifyReply) {
  const end = { result: 'failed', code: reply.problemCode ?? String(reply.statusCode) } as const
  if (request.openAuditEntry) return endAuditEntry(db, request.openAuditEntry, end)
  await insertAuditEntry(db, { ...entryOf(request), target: targetOf(request), ...end })
}

/** Returns what the path names. */
function targetOf({ params }: FastifyRequest): string | null {
  const { id, name } = (params ?? {}) as { id?: string; name?: string }
  return (id ?? name)?.slice(0, 200) ?? null
}
