import { appError, QuarantineContent, Quarantined, QuarantinePage, QuarantineQuery } from '@darkroom/contracts'
import {
  getQuarantined,
  listQuarantine,
  type QuarantineRow,
  quarantineContent,
  releaseQuarantine,
} from '@darkroom/db/operations'
import { z } from 'zod'
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
        summary: 'List what is in quarantine',
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
        summary: 'Read why a content is in quarantine',
        params: IdParams,
        response: { 200: Quarantined, ...problems },
      },
    },
    async request => {
      const projectId = adminReach(request.principal)
      const row = await getQuarantined(database.db, { id: idOf(request), projectId })
      if (!row) throw appError('NOT_FOUND', 'Nothing with this id is in quarantine in your project.')
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
      config: { sends: ['Location'] },
      schema: {
        operationId: 'addToQuarantine',
        tags: ['Admin'],
        summary: 'Put a content in quarantine',
        description: 'One that is there already stays as it is.',
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
        perform: commit => commit(tx => quarantineContent(tx, content)),
        outcomeOf: made => made.id,
        recall: async id =>
          (await getQuarantined(db, { id, projectId: target })) ?? raise('NOT_FOUND', 'It was released since.'),
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
      schema: {
        operationId: 'releaseFromQuarantine',
        tags: ['Admin'],
        summary: 'Release a content from quarantine',
        description:
          'Crashes are counted from zero again. What is in quarantine in all projects, an operator releases.',
        params: IdParams,
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const wanted = { id: idOf(request), projectId: adminReach(request.principal) }
      if (!(await releaseQuarantine(database.db, wanted)))
        throw appError('NOT_FOUND', 'Nothing with this id is in quarantine in your project.')
      return reply.code(204).send(null)
    },
  )
}

function everywhere({ isOperator }: Principal): null {
  if (!isOperator) throw appError('FORBIDDEN', 'Only an operator puts a content in quarantine in all projects.')
  return null
}

function oneProject(principal: Principal, named: string | undefined): string {
  const projectId = adminReach(principal, named) ?? principal.projectId
  if (projectId === NO_PROJECT)
    throw appError('INVALID_REQUEST', 'An operator names a project in `projectId`, or says `allProjects`.')
  return projectId
}
