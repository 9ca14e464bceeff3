import { CreateKey, KeyCreated } from '@darkroom/contracts'
import { insertApiKey } from '@darkroom/db/projects'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { audited } from '../../audit/audited.ts'
import type { ApiDeps } from '../../deps.ts'
import { idempotent } from '../../idempotency/idempotent.ts'
import { openProjectOfRequest } from '../projects/project-of-request.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { FOR_OPERATORS, FOR_PROJECTS } from './access-scopes.ts'
import { changedKey, newKeyWork, sendNewKey } from './new-key.ts'

type NewKeyBody = z.output<typeof CreateKey>

const SHOWN_ONCE = 'The key is only in this response, because only its hash is stored.'

/** Creates a key for a project, as an operator. */
export const createKeyOfProjectRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/admin/projects/:id/keys',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      config: { sends: ['Location'], audits: 'key' },
      schema: {
        operationId: 'createProjectKey',
        tags: ['Admin'],
        summary: 'Create an API key for a project',
        description: SHOWN_ONCE,
        params: IdParams,
        body: CreateKey,
        response: { 201: KeyCreated, ...problems },
      },
    },
    async (request, reply) => {
      const { id } = await openProjectOfRequest(deps.database.db, request)
      const made = await idempotent(deps, request, reply, creation(deps, request, id))
      return sendNewKey(reply, FOR_OPERATORS, made)
    },
  )
}

/** Creates a key for an operator, as an operator. */
export const createOperatorKeyRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/admin/keys',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      config: { sends: ['Location'], audits: 'key' },
      schema: {
        operationId: 'createOperatorKey',
        tags: ['Admin'],
        summary: 'Create an operator key',
        description: SHOWN_ONCE,
        body: CreateKey,
        response: { 201: KeyCreated, ...problems },
      },
    },
    async (request, reply) => {
      const made = await idempotent(deps, request, reply, creation(deps, request, null))
      return sendNewKey(reply, FOR_OPERATORS, made)
    },
  )
}

/** Creates a key for the caller's own project, as an admin. */
export const createKeyRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/keys',
    {
      onRequest: app.requireScope('admin'),
      config: { sends: ['Location'], audits: 'key' },
      schema: {
        operationId: 'createKey',
        tags: ['Keys'],
        summary: 'Create an API key',
        description: SHOWN_ONCE,
        body: CreateKey,
        response: { 201: KeyCreated, ...problems },
      },
    },
    async (request, reply) => {
      const made = await idempotent(deps, request, reply, creation(deps, request, request.principal.projectId))
      return sendNewKey(reply, FOR_PROJECTS, made)
    },
  )
}

/** Returns the creation of a key for a project, or with null for an operator. */
function creation({ database }: ApiDeps, request: FastifyRequest<{ Body: NewKeyBody }>, projectId: string | null) {
  const { name, scopes, expiresAt } = request.body
  const expiry = expiresAt ? new Date(expiresAt) : null
  const row = { projectId, name, scopes: [...new Set(scopes)], expiresAt: expiry }
  return newKeyWork(
    database.db,
    (tx, secret) => audited(tx, request, () => insertApiKey(tx, { ...secret, ...row }), changedKey),
    projectId === null ? 'operator' : 'project',
  )
}
