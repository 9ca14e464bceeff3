import type { Project } from '@darkroom/contracts'
import type { AdminClient } from './admin-client.ts'
import { CommandError, EXIT } from './exit-codes.ts'

export async function findProjectByName(client: AdminClient, name: string): Promise<Project | null> {
  const { items } = await client.get<{ items: Project[] }>('/v1/admin/projects', { name })
  return items[0] ?? null
}

/** @throws CommandError when there is none */
export async function projectByName(client: AdminClient, name: string): Promise<Project> {
  const project = await findProjectByName(client, name)
  if (!project)
    throw new CommandError(`There is no project "${name}". See \`npx darkroom projects list\`.`, EXIT.notFound)
  return project
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Finds a project by its id or name. When only deleted projects had the name, finds the one deleted last.
 * @throws CommandError when there is none
 */
export async function projectByIdOrName(client: AdminClient, given: string): Promise<Project> {
  if (ID.test(given)) return client.get<Project>(`/v1/admin/projects/${given}`)
  const living = await findProjectByName(client, given)
  if (living) return living
  const deleted = await client.every<Project>('/v1/admin/projects', { name: given, status: 'deleted' })
  return deleted.at(-1) ?? projectByName(client, given)
}
