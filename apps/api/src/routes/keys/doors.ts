import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'

/** The two ways to keys: an operator reaches all, an admin those of their own project. */
export interface Door {
  tag: 'Admin' | 'Keys'
  path: '/v1/admin/keys' | '/v1/keys'
  guard: onRequestAsyncHookHandler
  /** The project whose keys are reached; undefined is all. */
  reach(request: FastifyRequest): string | undefined
}

export const doors = (app: FastifyInstance): Door[] => [
  {
    tag: 'Admin',
    path: '/v1/admin/keys',
    guard: app.requireAdmin({ operatorOnly: true }),
    reach: () => undefined,
  },
  { tag: 'Keys', path: '/v1/keys', guard: app.requireScope('admin'), reach: request => request.principal.projectId },
]
