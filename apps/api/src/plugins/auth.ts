import { appError, SCOPES, type Scope } from '@darkroom/contracts'
import { DEFAULT_PROJECT, findApiKey, findProject, findProjectByName, type Project, touchApiKey } from '@darkroom/db'
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { hashesEqual, hashKey, LOCAL_KEY, shortIdOf } from '../auth/api-key.ts'
import { readClientToken } from '../auth/client-token.ts'
import { NO_PROJECT, type Principal } from '../auth/principal.ts'
import { createRateLimit } from '../auth/rate-limit.ts'
import { readViewToken } from '../auth/view-token.ts'
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
    /**
     * Lets in keys with the scope admin: those of a project, which then reach their own, and an operator's, which reach
     * all; `operatorOnly` only the latter.
     */
    requireAdmin(options?: { operatorOnly: boolean }): onRequestAsyncHookHandler
    /** Lets in whoever has a URL of a view, whose `token` is a parameter of the path. */
    requireView(): onRequestAsyncHookHandler
  }
}

const CLIENT_SCOPES: ReadonlySet<Scope> = new Set(['upload', 'read'])
const VIEW_SCOPES: ReadonlySet<Scope> = new Set(['read'])

/** Finds out who is asking, from `Authorization: Bearer <key or client token>`, and whether not too often. */
export const authPlugin = fp<{ deps: ApiDeps }>(
  async (app, { deps }) => {
    const limitRate = createRateLimit(deps)
    const admit = async (request: FastifyRequest, reply: FastifyReply, identity: Promise<Principal>) => {
      const principal = await identity
      checkOrigin(deps.settings, reply, principal.project)
      await limitRate(reply, principal)
      request.principal = principal
      return principal
    }
    app.decorateRequest('principal')
    app.decorate(
      'requireScope',
      (scope: Scope, options = { clientToken: false }) =>
        async (request: FastifyRequest, reply: FastifyReply) => {
          const { project } = await admit(request, reply, identify(deps, request, scope, options))
          if (!project) throw appError('FORBIDDEN', 'This key belongs to no project.')
        },
    )
    app.decorate(
      'requireAdmin',
      (options = { operatorOnly: false }) =>
        async (request: FastifyRequest, reply: FastifyReply) => {
          const identity = identify(deps, request, 'admin', { clientToken: false })
          const { isOperator } = await admit(request, reply, identity)
          if (options.operatorOnly && !isOperator)
            throw appError('FORBIDDEN', 'This is for operators: create a key with `darkroom keys create --operator`.')
        },
    )
    app.decorate('requireView', () => async (request: FastifyRequest, reply: FastifyReply) => {
      await admit(request, reply, byViewToken(deps, request))
    })
  },
  { name: 'auth', fastify: '5.x', dependencies: ['cors'] },
)

interface Options {
  clientToken: boolean
}

async function identify(deps: ApiDeps, request: FastifyRequest, scope: Scope, options: Options): Promise<Principal> {
  const principal = await authenticate(deps, bearerOf(request))
  if (!principal || (principal.onlyAssetId && !options.clientToken)) throw appError('UNAUTHORIZED')
  if (!principal.scopes.has(scope)) throw appError('FORBIDDEN', `This key lacks the scope "${scope}".`)
  return principal
}

function bearerOf(request: FastifyRequest): string {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (!token) throw appError('UNAUTHORIZED')
  return token
}

function authenticate(deps: ApiDeps, token: string): Promise<Principal | null> {
  if (token.startsWith('dt_')) return byClientToken(deps, token)
  const isLocal = deps.settings.mode === 'local' && hashesEqual(hashKey(token), hashKey(LOCAL_KEY))
  return isLocal ? asLocalDeveloper(deps) : byKey(deps, token)
}

async function byClientToken({ database, settings, clock }: ApiDeps, token: string): Promise<Principal | null> {
  const claims = readClientToken(token, settings.secret, clock.now())
  const project = claims && (await findProject(database.db, claims.projectId))
  return project && ofOneAsset(project, claims.assetId, CLIENT_SCOPES)
}

/** @throws NOT_FOUND for what we did not sign, VIEW_ENDED */
async function byViewToken({ database, settings, clock }: ApiDeps, request: FastifyRequest): Promise<Principal> {
  const { token } = request.params as { token: string }
  const claims = readViewToken(token, settings.secret)
  const project = claims && (await findProject(database.db, claims.projectId))
  if (!project) throw appError('NOT_FOUND', 'There is no such view.')
  if (claims.expiresAt * 1000 <= clock.now().getTime()) throw appError('VIEW_ENDED')
  return { ...ofOneAsset(project, claims.assetId, VIEW_SCOPES), expiresAt: claims.expiresAt }
}

const ofOneAsset = (project: Project, onlyAssetId: string, scopes: ReadonlySet<Scope>): Principal => ({
  projectId: project.id,
  project,
  scopes,
  isOperator: false,
  keyId: 'token',
  onlyAssetId,
})

async function asLocalDeveloper({ database }: ApiDeps): Promise<Principal | null> {
  const project = await findProjectByName(database.db, DEFAULT_PROJECT)
  return (
    project && {
      projectId: project.id,
      project,
      scopes: new Set(SCOPES),
      isOperator: true,
      keyId: 'local',
      onlyAssetId: null,
    }
  )
}

/** Asks the database each time, so that a key is dead in every process as soon as it is revoked. */
async function byKey({ database, clock }: ApiDeps, token: string): Promise<Principal | null> {
  const shortId = shortIdOf(token)
  const found = shortId && (await findApiKey(database.db, shortId))
  if (!found || !hashesEqual(hashKey(token), found.key.hash)) return null
  const { key, project } = found
  if (clock.now().getTime() - (key.lastUsedAt?.getTime() ?? 0) > TOUCH_EVERY_MS) await touchApiKey(database.db, key.id)
  // An operator key belongs to no project, so it reaches nothing that is in one, but for the admin part.
  return {
    projectId: project?.id ?? NO_PROJECT,
    project,
    scopes: new Set(SCOPES.filter(scope => key.scopes.includes(scope))),
    isOperator: project === null,
    keyId: shortId,
    onlyAssetId: null,
  }
}

/** So that reading does not become writing. */
const TOUCH_EVERY_MS = 60_000
