import { newId } from '@darkroom/core'
import { eq } from 'drizzle-orm'
import type { Tx } from '../client.ts'
import { projects } from '../schema/index.ts'

export type Project = typeof projects.$inferSelect

export async function findProjectByName(tx: Tx, name: string): Promise<Project | null> {
  const [row] = await tx.select().from(projects).where(eq(projects.name, name))
  return row ?? null
}

export async function ensureProject(tx: Tx, name: string): Promise<Project> {
  await tx.insert(projects).values({ id: newId(), name }).onConflictDoNothing()
  const project = await findProjectByName(tx, name)
  if (!project) throw new Error(`project ${name} is neither there nor could it be made`)
  return project
}
