import type { ApiKey as ApiKeyAnswer, Project as ProjectAnswer } from '@darkroom/contracts'
import type { ApiKey, MoveRow, Project } from '@darkroom/db'

export const presentProject = ({ createdAt, deliveryRevision: _, ...project }: Project): ProjectAnswer => ({
  ...project,
  createdAt: createdAt.toISOString(),
})

/** With how far it is on its way out of the public bucket. */
export const presentProjectWithMove = (project: Project, move: MoveRow | null): ProjectAnswer => ({
  ...presentProject(project),
  move: move && {
    requestedAt: move.requestedAt.toISOString(),
    finishedAt: move.finishedAt?.toISOString() ?? null,
  },
})

/** A key as anybody may see it: without its hash. */
export function presentKey({ id, projectId, shortId, name, scopes, ...times }: ApiKey): ApiKeyAnswer {
  return {
    id,
    projectId,
    shortId,
    name,
    scopes,
    createdAt: times.createdAt.toISOString(),
    lastUsedAt: times.lastUsedAt?.toISOString() ?? null,
    expiresAt: times.expiresAt?.toISOString() ?? null,
    revokedAt: times.revokedAt?.toISOString() ?? null,
  }
}
