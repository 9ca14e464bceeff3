import { appError, type ProjectStatus } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { and, asc, eq, gt, isNull, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { violates } from '../client/errors.ts'
import { type Project, projects } from '../schema/index.ts'
import { endMove, requestMove } from './moves.ts'

/** The project that exists in every installation. */
export const DEFAULT_PROJECT = 'default'

type Kept = 'id' | 'createdAt' | 'deliveryRevision' | 'deletesAt' | 'deletedAt'
/** What may be changed of a project. */
export type ProjectChange = { [Name in Exclude<keyof Project, Kept>]?: Project[Name] | undefined }

/** Returns the status of a project: `active`, `deleting` while that can be undone or is under way, or `deleted`. */
export const projectStatus = ({ deletesAt, deletedAt }: Project): ProjectStatus =>
  deletedAt ? 'deleted' : deletesAt ? 'deleting' : 'active'

const IN_STATUS: Record<ProjectStatus, SQL> = {
  active: sql`${projects.deletesAt} IS NULL`,
  deleting: sql`(${projects.deletesAt} IS NOT NULL AND ${projects.deletedAt} IS NULL)`,
  deleted: sql`${projects.deletedAt} IS NOT NULL`,
}

/** Finds a project, also a deleted one, whose row is its receipt. */
export async function findProject(tx: Tx, id: string): Promise<Project | null> {
  const [row] = await tx.select().from(projects).where(eq(projects.id, id))
  return row ?? null
}

/** Finds a project that is not deleted. */
export async function findLivingProject(tx: Tx, id: string): Promise<Project | null> {
  const [row] = await tx
    .select()
    .from(projects)
    .where(and(eq(projects.id, id), isNull(projects.deletedAt)))
  return row ?? null
}

export async function findProjectByName(tx: Tx, name: string): Promise<Project | null> {
  const [row] = await tx
    .select()
    .from(projects)
    .where(and(eq(projects.name, name), isNull(projects.deletedAt)))
  return row ?? null
}

export async function ensureProject(tx: Tx, name: string): Promise<Project> {
  await tx.insert(projects).values({ id: newId(), name }).onConflictDoNothing()
  const project = await findProjectByName(tx, name)
  if (!project) throw new Error(`project ${name} is neither there nor could it be made`)
  return project
}

/** @throws PROJECT_NAME_TAKEN */
export async function insertProject(tx: Tx, project: ProjectChange & { name: string }): Promise<Project> {
  const [row] = await tx
    .insert(projects)
    .values({ id: newId(), ...project })
    .onConflictDoNothing()
    .returning()
  if (!row) throw appError('PROJECT_NAME_TAKEN')
  return row
}

/**
 * Changes a project that was not deleted. One that becomes private has what it published moved out of the public bucket, as part of the change.
 * @returns null when there is no such project
 * @throws PROJECT_NAME_TAKEN
 */
export async function changeProject(db: Tx, id: string, change: ProjectChange): Promise<Project | null> {
  if (Object.keys(change).length === 0) return findLivingProject(db, id)
  try {
    return await db.transaction(async tx => {
      const [row] = await tx
        .update(projects)
        .set({ ...change, deliveryRevision: sql`${projects.deliveryRevision} + ${deliversOtherwise(change)}` })
        .where(and(eq(projects.id, id), isNull(projects.deletedAt)))
        .returning()
      if (row && change.isPrivate === true) await requestMove(tx, id)
      if (row && change.isPrivate === false) await endMove(tx, id)
      return row ?? null
    })
  } catch (error) {
    throw violates(error, 'projects_name') ? appError('PROJECT_NAME_TAKEN') : error
  }
}

/** Returns 1 when the change gives variants other URLs, else 0, as an expression. */
function deliversOtherwise({ cdnBaseUrl, isPrivate }: ProjectChange): SQL {
  const changes = [
    cdnBaseUrl !== undefined && sql`${projects.cdnBaseUrl} IS DISTINCT FROM ${cdnBaseUrl}::text`,
    isPrivate !== undefined && sql`${projects.isPrivate} <> ${isPrivate}::boolean`,
  ].filter(one => one !== false)
  return changes.length === 0 ? sql`0` : sql`(${sql.join(changes, sql` OR `)})::int`
}

/** Lists a page of projects: of one status, or all that are not deleted; with `name` only the one of this name. */
export const listProjects = (
  tx: Tx,
  {
    after,
    limit,
    status,
    name,
  }: { after: string | null; limit: number; status?: ProjectStatus | undefined; name?: string | undefined },
): Promise<Project[]> =>
  tx
    .select()
    .from(projects)
    .where(
      and(
        status ? IN_STATUS[status] : isNull(projects.deletedAt),
        after === null ? undefined : gt(projects.id, after),
        name === undefined ? undefined : eq(projects.name, name),
      ),
    )
    .orderBy(asc(projects.id))
    .limit(limit)

/** Tells whether any project allows this origin. A preflight request (CORS) does not tell which project it concerns. */
export async function isBrowserOrigin(tx: Tx, origin: string): Promise<boolean> {
  const rows = await tx
    .select({ id: projects.id })
    .from(projects)
    .where(sql`${origin} = ANY(${projects.browserOrigins})`)
    .limit(1)
  return rows.length > 0
}

/** Tells whether the variants of a project stay in the private bucket. */
export async function isPrivateProject(tx: Tx, id: string): Promise<boolean> {
  return (await findProject(tx, id))?.isPrivate ?? false
}
