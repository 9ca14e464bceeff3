import { appError, type Scope } from '@darkroom/contracts'
import { findLivingProject, type Project } from '@darkroom/db/projects'
import type { ApiDeps } from '../deps.ts'
import type { Principal } from './principal.ts'
import { lasting, ReadCache } from './read-cache.ts'
import { readViewToken } from './view-token.ts'

const VIEW_SCOPES: ReadonlySet<Scope> = new Set(['read'])

/** Creates the check of the view token in a path. @throws NOT_FOUND for a token that we did not sign, VIEW_ENDED */
export function createAuthenticateView({
  database,
  settings,
  clock,
}: Pick<ApiDeps, 'database' | 'clock' | 'settings'>): (token: string) => Promise<Principal> {
  const projects = new ReadCache<Project>()
  return async token => {
    const claims = readViewToken(token, settings.secret)
    if (!claims) throw appError('NOT_FOUND', 'This view does not exist.')
    const { projectId, assetId: onlyAssetId, expiresAt } = claims
    const project = await projects.get(projectId, async () => lasting(await findLivingProject(database.db, projectId)))
    if (!project) throw appError('NOT_FOUND', 'This view does not exist.')
    if (expiresAt * 1000 <= clock.now().getTime()) throw appError('VIEW_ENDED')
    return { projectId, project, scopes: VIEW_SCOPES, isOperator: false, keyId: 'token', onlyAssetId, expiresAt }
  }
}
