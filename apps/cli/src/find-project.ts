import type { Darkroom, Schemas } from '@darkroom/sdk'
import { CommandError, EXIT } from './exit-codes.ts'
import { everyOf } from './sdk-client.ts'

type Project = Schemas['Project']

export async function findProjectByName(darkroom: Darkroom, name: string): Promise<Project | null> {
  const { items } = await darkroom.admin.projects.list({ name })
  return items[0] ?? null
}

/** @throws CommandError when there is none */
export async function projectByName(darkroom: Darkroom, name: string): Promise<Project> {
  const project = await findProjectByName(darkroom, name)
  if (!project)
    throw new CommandError(`There is no project "${name}". See \`npx darkroom projects list\`.`, EXIT.notFound)
  return project
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Finds a project by its id or name. When only deleted projects had the name, finds the one deleted last.
 * @throws CommandError when there is none
 */
export async function projectByIdOrName(darkroom: Darkroom, given: string): Promise<Project> {
  const { projects } = darkroom.admin
  if (ID.test(given)) return projects.get(given)
  const living = await findProjectByName(darkroom, given)
  if (living) return living
  const deleted = await everyOf(projects.each({ name: given, status: 'deleted', limit: 200 }))
  return deleted.at(-1) ?? projectByName(darkroom, given)
}
