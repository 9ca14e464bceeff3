import { appError, type Scope } from '@darkroom/contracts'
import { findLivingProject } from '@darkroom/db/projects'
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { guard } from '../auth/access.ts'
import { assertProjectOpen } from '../auth/assert-project-open.ts'
import { type Authenticate, createAuthenticate } from '../auth/authenticate.ts'
import { createAuthenticateView } from '../auth/authenticate-view.ts'
import type { Principal } from '../auth/principal.ts'
import { createRateLimit } from '../auth/rate-limit.ts'
import type { ApiDeps } from '../deps.ts'
import { checkOrigin } from './cors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal
  }
  interface FastifyInstance {
    /**
     * Lets in who has the scope; `clientToken` lets in the browser that holds the token of one asset as well. For
     * `onRequest`: who may not come in has no body read and is not told what is wrong with it.
     */
    requireScope(scope: Scope, options?: { clientToken: boolean }): onRequestAsyncHookHandler
    /** Lets in every key, whatever it may do. */
    requireKey(): onRequestAsyncHookHandler
    /** Whether who was let in would still be, without counting it as a request. @throws UNAUTHORIZED, FORBIDDEN, PROJECT_DELETING */
    assertScope(request: FastifyRequest, scope: Scope, options?: { clientToken: boolean }): Promise<void>
    /**
     * Lets in keys with the scope admin: those of a project, which then reach their own, and an operator's, which reach
     * all; `operatorOnly` only the latter.
     */
    requireAdmin(options?: { operatorOnly: boolean }): onRequestAsyncHookHandler
    /** Lets in a form whose token was read, on behalf of its project. @throws UNAUTHORIZED, PROJECT_DELETING, RATE_LIMITED */
    admitForm(request: FastifyRequest, reply: FastifyReply, projectId: string): Promise<void>
    /** Lets in whoever has a URL of a view, whose `token` is a parameter of the path. */
    requireView(): onRequestAsyncHookHandler
  }
}

/** Finds out who is asking, from `Authorization: Bearer <key or client token>`, and whether not too often. */
export const authPlugin = fp<{ deps: ApiDeps }>(
  async (app, { deps }) => {
    const authenticate = createAuthenticate(deps)
    const authenticateView = createAuthenticateView(deps)
    const limitRate = createRateLimit(deps)
    const admit = async (request: FastifyRequest, reply: FastifyReply, identity: Promise<Principal>) => {
      const principal = await identity
      checkOrigin(deps.settings, reply, principal.project)
      if (principal.project) assertProjectOpen(principal.project)
      await limitRate(reply, principal)
      request.principal = principal
      return principal
    }
    app.decorateRequest('principal')
    app.decorate('requireScope', (scope: Scope, options = { clientToken: false }) =>
      guard(
        { credentials: options.clientToken ? ['key', 'clientToken'] : ['key'], scope },
        async (request: FastifyRequest, reply: FastifyReply) => {
          const { project } = await admit(request, reply, identify(authenticate, request, scope, options))
          if (!project) throw appError('FORBIDDEN', 'This operator key does not belong to a project.')
        },
      ),
    )
    app.decorate('requireKey', () =>
      guard(
        { credentials: ['key', 'operatorKey'], scope: null },
        async (request: FastifyRequest, reply: FastifyReply) => {
          await admit(request, reply, identifyKey(authenticate, request))
        },
      ),
    )
    app.decorate('assertScope', async (request: FastifyRequest, scope: Scope, options = { clientToken: false }) => {
      const { project } = await identify(authenticate, request, scope, options)
      if (project) assertProjectOpen(project)
    })
    app.decorate('requireAdmin', (options = { operatorOnly: false }) =>
      guard(
        { credentials: options.operatorOnly ? ['operatorKey'] : ['key', 'operatorKey'], scope: 'admin' },
        async (request: FastifyRequest, reply: FastifyReply) => {
          const identity = identify(authenticate, request, 'admin', { clientToken: false })
          const { isOperator } = await admit(request, reply, identity)
          if (options.operatorOnly && !isOperator)
            throw appError(
              'FORBIDDEN',
              'This operation needs an operator key. Create one on the server with `npx darkroom keys create --operator --direct`.',
            )
        },
      ),
    )
    app.decorate('admitForm', async (request: FastifyRequest, reply: FastifyReply, projectId: string) => {
      await admit(request, reply, identifyForm(deps, projectId))
    })
    app.decorate('requireView', () =>
      guard({ credentials: [], scope: null }, async (request: FastifyRequest, reply: FastifyReply) => {
        const { token } = request.params as { token: string }
        await admit(request, reply, authenticateView(token))
      }),
    )
  },
  { name: 'auth', fastify: '5.x', dependencies: ['cors'] },
)

const FORM_SCOPES: ReadonlySet<Scope> = new Set(['upload'])

async function identifyForm({ database }: ApiDeps, projectId: string): Promise<Principal> {
  const project = await findLivingProject(database.db, projectId)
  if (!project) throw appError('UNAUTHORIZED')
  return { projectId, project, scopes: FORM_SCOPES, isOperator: false, keyId: 'form', onlyAssetId: null }
}

interface Options {
  clientToken: boolean
}

async function identify(
  authenticate: Authenticate,
  request: FastifyRequest,
  scope: Scope,
  options: Options,
): Promise<Principal> {
  const principal = await authenticate(bearerOf(request))
  if (!principal || (principal.onlyAssetId && !options.clientToken)) throw appError('UNAUTHORIZED')
  if (!principal.scopes.has(scope)) throw appError('FORBIDDEN', `This API key does not have the scope "${scope}".`)
  return principal
}

async function identifyKey(authenticate: Authenticate, request: FastifyRequest): Promise<Principal> {
  const principal = await authenticate(bearerOf(request))
  if (!principal || principal.onlyAssetId) throw appError('UNAUTHORIZED')
  return principal
}

function bearerOf(request: FastifyRequest): string {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (!token) throw appError('UNAUTHORIZED')
  return token
}
