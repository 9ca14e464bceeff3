import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { assets, jobs, objects, type Project, projects, variants } from '../schema/index.ts'

const SHOWN = {
  id: assets.id,
  projectId: assets.projectId,
  externalId: assets.externalId,
  revision: assets.revision,
  status: assets.status,
  kind: assets.kind,
  filename: assets.filename,
  folder: assets.folder,
  contentType: assets.contentType,
  byteSize: assets.byteSize,
  sha256: assets.sha256,
  tags: assets.tags,
  width: assets.width,
  height: assets.height,
  durationMs: assets.durationMs,
  pageCount: assets.pageCount,
  animated: assets.animated,
  placeholder: assets.placeholder,
  error: assets.error,
  warnings: assets.warnings,
  createdAt: assets.createdAt,
  confirmedAt: assets.confirmedAt,
  readyAt: assets.readyAt,
  expiresAt: assets.expiresAt,
  deleteAt: assets.deleteAt,
  deletedAt: assets.deletedAt,
}

/** What a list shows of an asset. */
export type AssetSummaryRow = Awaited<ReturnType<typeof summarizeAssets>>[number]

/**
 * Reads summaries of some assets of a project, each with its smallest image and its newest job. One query, in no order.
 */
export async function summarizeAssets(tx: Tx, projectId: string, ids: string[]) {
  if (ids.length === 0) return []
  const smallest = tx
    .select({
      name: variants.name,
      status: variants.status,
      contentType: variants.contentType,
      width: variants.width,
      height: variants.height,
      bucket: objects.bucket,
      key: objects.key,
    })
    .from(variants)
    .innerJoin(objects, eq(objects.id, variants.objectId))
    .where(
      and(eq(variants.assetId, assets.id), eq(variants.status, 'ready'), sql`${variants.contentType} LIKE 'image/%'`),
    )
    .orderBy(asc(variants.width), asc(variants.position))
    .limit(1)
    .as('smallest')
  const latest = tx
    .select({ name: jobs.name, status: jobs.status, progress: jobs.progress })
    .from(jobs)
    .where(eq(jobs.assetId, assets.id))
    .orderBy(desc(jobs.id))
    .limit(1)
    .as('latest')
  const rows = await tx
    .select({
      asset: SHOWN,
      delivery: { cdnBaseUrl: projects.cdnBaseUrl, isPrivate: projects.isPrivate },
      preview: {
        name: smallest.name,
        status: smallest.status,
        contentType: smallest.contentType,
        width: smallest.width,
        height: smallest.height,
        bucket: smallest.bucket,
        key: smallest.key,
      },
      job: { name: latest.name, status: latest.status, progress: latest.progress },
    })
    .from(assets)
    .innerJoin(projects, eq(projects.id, assets.projectId))
    .leftJoinLateral(smallest, sql`true`)
    .leftJoinLateral(latest, sql`true`)
    .where(and(eq(assets.projectId, projectId), inArray(assets.id, ids)))
  return rows satisfies { delivery: Pick<Project, 'cdnBaseUrl' | 'isPrivate'> }[]
}
