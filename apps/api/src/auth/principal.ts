import { appError, type Scope } from '@darkroom/contracts'
import type { Project } from '@darkroom/db/projects'
import { validate as isUuid } from 'uuid'

/** In the place of the project of an operator key, which belongs to none. No project has this id. */
export const NO_PROJECT = '00000000-0000-0000-0000-000000000000'

/** The `keyId` of the fixed key of local mode. */
export const LOCAL_PRINCIPAL = 'local'

/** Who is asking. Everything they reach is inside their project, but for what an operator does in the admin part. */
export interface Principal {
  projectId: string
  /** With its limits; null for an operator. */
  project: Project | null
  scopes: ReadonlySet<Scope>
  isOperator: boolean
  /** What names the key among others, and is no secret; for tokens, of what kind they are. */
  keyId: string
  /** A client token reaches this asset and nothing else. */
  onlyAssetId: string | null
  /** When a token ends, in seconds since 1970. */
  expiresAt?: number
}

/**
 * Limits a time to live, in seconds, to what is left of the client token that asks for it: a token cannot extend its
 * own life.
 */
export const withinLife = ({ expiresAt }: Principal, ttlSec: number, now: Date): number =>
  expiresAt === undefined ? ttlSec : Math.max(1, Math.min(ttlSec, expiresAt - Math.floor(now.getTime() / 1000)))

/**
 * Returns the project to which an admin request is limited: the project of the key, or the one that an operator names.
 * Null stands for all projects: an operator who names none.
 * @throws NOT_FOUND when the key does not reach the named project
 */
export function adminReach({ isOperator, projectId }: Principal, named?: string): string | null {
  if (named !== undefined && !isUuid(named)) throw appError('NOT_FOUND')
  if (isOperator) return named ?? null
  if (named !== undefined && named.toLowerCase() !== projectId) throw appError('NOT_FOUND')
  return projectId
}

/** Returns the project of the caller. @throws FORBIDDEN for an operator key */
export function projectOf({ project }: Principal): Project {
  if (!project) throw appError('FORBIDDEN', 'This operator key does not belong to a project.')
  return project
}
