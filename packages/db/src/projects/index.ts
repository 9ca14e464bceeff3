export type { ApiKey, Project } from '../schema/projects.ts'
export {
  type FoundKey,
  findApiKey,
  getApiKey,
  insertApiKey,
  insertFirstApiKey,
  type KeySecret,
  listApiKeys,
  listEveryApiKey,
  revokeApiKey,
  rotateApiKey,
  touchApiKey,
} from './api-keys.ts'
export { AUTH_CACHE_MS, authCachesExpired } from './auth-cache-time.ts'
export { isOfOpenProject } from './closed-projects.ts'
export {
  type Claim,
  claimIdempotencyKey,
  completeIdempotencyKey,
  completeIdempotencyKeys,
  deleteOldIdempotencyKeys,
  type ForeseenRequest,
  forgetIdempotencyKeys,
  type IdempotentRequest,
  releaseIdempotencyKey,
} from './idempotency.ts'
export { findActiveMoves, findMove } from './moves.ts'
export {
  changeProject,
  DEFAULT_PROJECT,
  ensureProject,
  findLivingProject,
  findProject,
  findProjectByName,
  insertProject,
  isBrowserOrigin,
  isPrivateProject,
  listProjects,
  type ProjectChange,
  projectStatus,
} from './projects.ts'
export { countRequest, deleteOldRateWindows } from './rate-windows.ts'
export {
  checkQuota,
  checkQuotas,
  checkRoom,
  countActiveJobs,
  foldUsage,
  hasQuota,
  readUsage,
  reconcileUsage,
  type Usage,
} from './usage.ts'
