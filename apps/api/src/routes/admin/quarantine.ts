import { appError, QuarantineContent, Quarantined, QuarantinePage, QuarantineQuery } from '@darkroom/contracts'
import {
  getQuarantined,
  listQuarantine,
  type QuarantineRow,
  quarantineContent,
  releaseQuarantine,
} from '@darkroom/db/operations'
import { z } from 'zod'
import { audited } from '../../audit/audited.ts'
import { adminReach, NO_PROJECT, type Principal } from '../../auth/principal.ts'
import { idempotent } from '../../idempotency/idempotent.ts'
import { decodeCursor, toPage } from '../page.ts'
import { IdParams, idOf, problems, type Route, raise, withZod } from '../route.ts'
import { presentQuarantine } from './present-quarantine.ts'

/** Contents that are not processed: of a project, with those that are kept back everywhere. */
export const listQuarantineRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/admin/quarantine',
    {
      onRequest: app.requireAdmin(),
      schema: {
        operationId: 'listQuarantine',
        tags: ['Admin'],
        summary: 'List quarantined files',
        querystring: QuarantineQuery,
        response: { 200: QuarantinePage, ...problems },
      },
    },
    async request => {
      const { cursor, limit, projectId } = request.query
      const rows = await listQuarantine(database.db, {
        projectId: adminReach(request.principal, projectId),
        after: decodeCursor(cursor),
        limit: limit + 1,
      })
      const { items, nextCursor } = toPage(rows, limit, row => row.id)
      return { items: items.map(presentQuarantine), nextCursor }
    },
  )
}

export const getQuarantinedRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/admin/quarantine/:id',
    {
      onRequest: app.requireAdmin(),
      schema: {
        operationId: 'getQuarantined',
        tags: ['Admin'],
        summary: 'Get a quarantined file',
        params: IdParams,
        response: { 200: Quarantined, ...problems },
      },
    },
    async request => {
      const projectId = adminReach(request.principal)
      const row = await getQuarantined(database.db, { id: idOf(request), projectId })
      if (!row) throw appError('NOT_FOUND', 'No file with this quarantine id in your project.')
      return presentQuarantine(row)
    },
  )
}

/** Keeps a content from being processed, by hand. */
export const addQuarantineRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/admin/quarantine',
    {
      onRequest: app.requireAdmin(),
      config: { sends: ['Location'], audits: 'quarantine' },
      schema: {
        operationId: 'addToQuarantine',
        tags: ['Admin'],
        summary: 'Quarantine a file',
        description:
          'All files with the same content (SHA-256) are quarantined. If the content already is, nothing changes.',
        body: QuarantineContent,
        response: { 201: Quarantined, ...problems },
      },
    },
    async (request, reply) => {
      const { sha256, reason, projectId, allProjects } = request.body
      const target = allProjects ? everywhere(request.principal) : oneProject(request.principal, projectId)
      const content = { projectId: target, sha256, crashes: 0, reason }
      const { db } = deps.database
      const row = await idempotent<QuarantineRow>(deps, request, reply, {
        perform: commit => commit(tx => audited(tx, request, () => quarantineContent(tx, content), changed)),
        outcomeOf: made => made.id,
        recall: async id =>
          (await getQuarantined(db, { id, projectId: target })) ??
          raise('NOT_FOUND', 'It was released in the meantime.'),
      })
      return reply.code(201).header('location', `/v1/admin/quarantine/${row.id}`).send(presentQuarantine(row))
    },
  )
}

/** Lets a content be processed again. Its failed jobs wait for a requeue. */
export const releaseQuarantineRoute: Route = (app, { database }) => {
  withZod(app).delete(
    '/v1/admin/quarantine/:id',
    {
      onRequest: app.requireAdmin(),
      config: { audits: 'quarantine' },
      schema: {
        operationId: 'releaseFromQuarantine',
        tags: ['Admin'],
        summary: 'Release a file from quarantine',
        description:
          'The crash counter starts at zero again. Only an operator can release a file that is quarantined in all projects.',
        params: IdParams,
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const wanted = { id: idOf(request), projectId: adminReach(request.principal) }
      const released = await database.db.transaction(tx =>
        audited(tx, request, () => releaseQuarantine(tx, wanted), changed),
      )
      if (!released) throw appError('NOT_FOUND', 'No file with this quarantine id in your project.')
      return reply.code(204).send(null)
    },
  )
}

const changed = ({ id, projectId }: QuarantineRow) => ({ target: id, projectId })

function everywhere({ isOperator }: Principal): null {
  if (!isOperator) throw appError('FORBIDDEN', 'Only an operator can quarantine a file in all projects.')
  return null
}

function oneProject(principal: Principal, named: string | undefined): string {
  const projectId = adminReach(principal, named) ?? principal.projectId
  if (projectId === NO_PROJECT)
    throw appError('INVALID_REQUEST', 'With an operator key, send `projectId` or `allProjects`.')
  return projectId
}
