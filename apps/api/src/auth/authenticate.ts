import { LOCAL_KEY, SCOPES, type Scope } from '@darkroom/contracts'
import {
  DEFAULT_PROJECT,
  type FoundKey,
  findApiKey,
  findLivingProject,
  findProjectByName,
  type Project,
  touchApiKey,
} from '@darkroom/db/projects'
import type { ApiDeps } from '../deps.ts'
import { hashesEqual, hashKey, shortIdOf } from './api-key.ts'
import { readClientToken } from './client-token.ts'
import { LOCAL_PRINCIPAL, NO_PROJECT, type Principal } from './principal.ts'
import { lasting, ReadCache } from './read-cache.ts'

/** Whose key or client token it is; null when nobody's. */
export type Authenticate = (token: string) => Promise<Principal | null>

type Deps = Pick<ApiDeps, 'database' | 'clock' | 'settings'>

/**
 * Creates the check of credentials. Each key and each project is read at most twice a second, however many requests
 * come with it. Whoever revokes a key or changes a project waits until no process uses the old row; see
 * docs/decisions/0043.
 */
export function createAuthenticate(deps: Deps): Authenticate {
  const byClientToken = clientTokens(deps)
  const byKey = keys(deps)
  if (deps.settings.mode !== 'local') return token => (token.startsWith('dt_') ? byClientToken(token) : byKey(token))
  const asLocalDeveloper = localDeveloper(deps)
  return token => {
    if (token.startsWith('dt_')) return byClientToken(token)
    return hashesEqual(hashKey(token), LOCAL_KEY_HASH) ? asLocalDeveloper() : byKey(token)
  }
}

const LOCAL_KEY_HASH = hashKey(LOCAL_KEY)
const CLIENT_SCOPES: ReadonlySet<Scope> = new Set(['upload', 'read'])

function clientTokens({ database, settings, clock }: Deps): Authenticate {
  const projects = new ReadCache<Project>()
  return async token => {
    const claims = readClientToken(token, settings.secret, clock.now())
    if (!claims) return null
    const { projectId, assetId: onlyAssetId, expiresAt } = claims
    const project = await projects.get(projectId, async () => lasting(await findLivingProject(database.db, projectId)))
    return (
      project && {
        projectId,
        project,
        scopes: CLIENT_SCOPES,
        isOperator: false,
        keyId: 'token',
        onlyAssetId,
        expiresAt,
      }
    )
  }
}

function localDeveloper({ database }: Deps): () => Promise<Principal | null> {
  const projects = new ReadCache<Project>()
  const scopes = new Set(SCOPES)
  return async () => {
    const find = async () => lasting(await findProjectByName(database.db, DEFAULT_PROJECT))
    const project = await projects.get(DEFAULT_PROJECT, find)
    return (
      project && { projectId: project.id, project, scopes, isOperator: true, keyId: LOCAL_PRINCIPAL, onlyAssetId: null }
    )
  }
}

interface KnownKey {
  id: string
  hash: string
  principal: Principal
  lastUsedMs: number
}

/** So that reading does not become writing. */
const TOUCH_EVERY_MS = 60_000

function keys({ database, clock }: Deps): Authenticate {
  const known = new ReadCache<KnownKey>()
  const find = async (shortId: string) => {
    const found = await findApiKey(database.db, shortId)
    return found && { value: knownKey(found), remainingMs: found.remainingMs }
  }
  return async token => {
    const shortId = shortIdOf(token)
    const key = shortId && (await known.get(shortId, () => find(shortId)))
    if (!key || !hashesEqual(hashKey(token), key.hash)) return null
    const nowMs = clock.now().getTime()
    if (nowMs - key.lastUsedMs > TOUCH_EVERY_MS) {
      key.lastUsedMs = nowMs
      await touchApiKey(database.db, key.id)
    }
    return key.principal
  }
}

const knownKey = ({ key, project }: FoundKey): KnownKey => ({
  id: key.id,
  hash: key.hash,
  lastUsedMs: key.lastUsedAt?.getTime() ?? 0,
  principal: {
    // An operator key belongs to no project, so it reaches nothing that is in one, but for the admin part.
    projectId: project?.id ?? NO_PROJECT,
    project,
    scopes: new Set(SCOPES.filter(scope => key.scopes.includes(scope))),
    isOperator: project === null,
    keyId: key.shortId,
    onlyAssetId: null,
  },
})
