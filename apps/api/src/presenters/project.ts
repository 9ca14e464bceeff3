import type {
  ApiKey as ApiKeyAnswer,
  ProjectDeletion as DeletionAnswer,
  Project as ProjectAnswer,
} from '@darkroom/contracts'
import type { Database } from '@darkroom/db/client'
import { countAssetRows, findProjectDeletion, type ProjectDeletion } from '@darkroom/db/deletion'
import { type ApiKey, findMove, type Project, projectStatus } from '@darkroom/db/projects'

export const presentProject = (row: Project): ProjectAnswer => {
  const { createdAt, deletesAt, deliveryRevision: _revision, deletedAt: _deleted, ...project } = row
  return {
    ...project,
    status: projectStatus(row),
    deletesAt: deletesAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  }
}

/** Presents a project with the progress of its move out of the public bucket, and of its deletion. */
export async function presentWholeProject(db: Database, project: Project): Promise<ProjectAnswer> {
  const [move, deletion] = await Promise.all([findMove(db, project.id), findProjectDeletion(db, project.id)])
  return {
    ...presentProject(project),
    move: move && {
      requestedAt: move.requestedAt.toISOString(),
      finishedAt: move.finishedAt?.toISOString() ?? null,
    },
    deletion: deletion && presentDeletion(deletion, await countAssetRows(db, project.id)),
  }
}

function presentDeletion(row: ProjectDeletion, assetsLeft: number): DeletionAnswer {
  const { requestedAt, requestedBy, startedAt, finishedAt } = row
  const { assets, objects, bytes, keys, webhooks, presets } = row
  return {
    requestedAt: requestedAt.toISOString(),
    requestedBy,
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
    assetsLeft,
    removed: { assets, objects, bytes, keys, webhooks, presets },
  }
}

/** Presents a key without its hash. */
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
