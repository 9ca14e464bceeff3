import type { Project } from '@darkroom/contracts'
import type { AdminClient } from './admin-client.ts'
import { CommandError, EXIT } from './exit-codes.ts'

export async function findProjectNamed(client: AdminClient, name: string): Promise<Project | null> {
  const { items } = await client.get<{ items: Project[] }>('/v1/admin/projects', { name })
  return items[0] ?? null
}

/** @throws CommandError when there is none */
export async function projectNamed(client: AdminClient, name: string): Promise<Project> {
  const project = await findProjectNamed(client, name)
  if (!project)
    throw new CommandError(`There is no project "${name}"; see \`npx darkroom projects list\`.`, EXIT.notFound)
  return project
}
