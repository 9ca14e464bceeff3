import { appError } from '@darkroom/contracts'
import { DEFAULT_PROJECT, findApiKey, findProjectByName, type Project, touchApiKey } from '@darkroom/db'
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { hashesEqual, hashKey, LOCAL_KEY, SCOPES, type Scope, shortIdOf } from '../auth/api-key.ts'
import { readClientToken } from '../auth/client-token.ts'
import { NO_PROJECT, type Principal } from '../auth/principal.ts'
import { PrincipalCache } from '../auth/principal-cache.ts'
import type { ApiDeps } from '../deps.ts'

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
    /**
     * Lets in keys with the scope admin: those of a project, which then reach their own, and an operator's, which reach
     * all; `operatorOnly` only the latter.
     */
    requireAdmin(options?: { operatorOnly: boolean }): onRequestAsyncHookHandler
  }
}

const CLIENT_SCOPES: ReadonlySet<Scope> = new Set(['upload', 'read'])

/** Finds out who is asking, from `Authorization: Bearer <key or client token>`. */
export const authPlugin = fp<{ deps: ApiDeps }>(
  async (app, { deps }) => {
    const principals = new PrincipalCache()
    app.decorateRequest('principal')
    app.decorate(
      'requireScope',
      (scope: Scope, options = { clientToken: false }) =>
        async (request: FastifyRequest) => {
          const principal = await identify(deps, principals, request, scope, options)
          if (principal.projectId === NO_PROJECT) throw appError('FORBIDDEN', 'This key belongs to no project.')
          request.principal = principal
        },
    )
    app.decorate('requireAdmin', (options = { operatorOnly: false }) => async (request: FastifyRequest) => {
      const principal = await identify(deps, principals, request, 'admin', { clientToken: false })
      if (options.operatorOnly && !principal.isOperator)
        throw appError('FORBIDDEN', 'This is for operators: create a key with `darkroom keys create --operator`.')
      request.principal = principal
    })
  },
  { name: 'auth', fastify: '5.x' },
)

async function identify(
  deps: ApiDeps,
  principals: PrincipalCache,
  request: FastifyRequest,
  scope: Scope,
  options: { clientToken: boolean },
): Promise<Principal> {
  const token = bearerOf(request)
  const principal = await (isClientToken(token)
    ? authenticate(deps, token)
    : principals.get(token, () => authenticate(deps, token)))
  if (!principal || (principal.onlyAssetId && !options.clientToken)) throw appError('UNAUTHORIZED')
  if (!principal.scopes.has(scope)) throw appError('FORBIDDEN', `This key lacks the scope "${scope}".`)
  return principal
}

function bearerOf(request: FastifyRequest): string {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (!token) throw appError('UNAUTHORIZED')
  return token
}

/** It is checked without a query, and runs out by itself. */
const isClientToken = (token: string): boolean => token.startsWith('dt_')

async function authenticate({ database, settings, clock }: ApiDeps, token: string): Promise<Principal | null> {
  if (isClientToken(token)) {
    const claims = readClientToken(token, settings.secret, clock.now())
    return (
      claims && { projectId: claims.projectId, scopes: CLIENT_SCOPES, isOperator: false, onlyAssetId: claims.assetId }
    )
  }
  if (settings.mode === 'local' && hashesEqual(hashKey(token), hashKey(LOCAL_KEY))) {
    const project = await localProject(database)
    return project && { projectId: project.id, scopes: new Set(SCOPES), isOperator: true, onlyAssetId: null }
  }
  const shortId = shortIdOf(token)
  const key = shortId && (await findApiKey(database.db, shortId))
  if (!key || !hashesEqual(hashKey(token), key.hash)) return null
  if (clock.now().getTime() - (key.lastUsedAt?.getTime() ?? 0) > TOUCH_EVERY_MS) await touchApiKey(database.db, key.id)
  // An operator key belongs to no project, so it reaches nothing that is in one, but for the admin part.
  const scopes = SCOPES.filter(scope => key.scopes.includes(scope))
  return {
    projectId: key.projectId ?? NO_PROJECT,
    scopes: new Set(scopes),
    isOperator: key.projectId === null,
    onlyAssetId: null,
  }
}

/** So that reading does not become writing. */
const TOUCH_EVERY_MS = 60_000

/** Found once per database: the project that local mode works in is never another one. */
const localProjects = new WeakMap<ApiDeps['database'], Promise<Project | null>>()

function localProject(database: ApiDeps['database']): Promise<Project | null> {
  const known = localProjects.get(database) ?? findProjectByName(database.db, DEFAULT_PROJECT)
  localProjects.set(database, known)
  known.catch(() => localProjects.delete(database))
  return known
}
