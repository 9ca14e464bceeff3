import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'

/** A way to keys: an operator reaches all, an admin those of their own project. */
export interface AccessScope {
  tag: 'Admin' | 'Keys'
  operationIds: { get: string; rotate: string; revoke: string }
  path: '/v1/admin/keys' | '/v1/keys'
  guard(app: FastifyInstance): onRequestAsyncHookHandler
  /** The project whose keys are reached; undefined is all. */
  reach(request: FastifyRequest): string | undefined
}

export const FOR_OPERATORS: AccessScope = {
  tag: 'Admin',
  operationIds: { get: 'getProjectKey', rotate: 'rotateProjectKey', revoke: 'revokeProjectKey' },
  path: '/v1/admin/keys',
  guard: app => app.requireAdmin({ operatorOnly: true }),
  reach: () => undefined,
}

export const FOR_PROJECTS: AccessScope = {
  tag: 'Keys',
  operationIds: { get: 'getKey', rotate: 'rotateKey', revoke: 'revokeKey' },
  path: '/v1/keys',
  guard: app => app.requireScope('admin'),
  reach: request => request.principal.projectId,
}
