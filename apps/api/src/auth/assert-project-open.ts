import { appError } from '@darkroom/contracts'
import type { Project } from '@darkroom/db/projects'

/** Refuses every request to a project from the moment its deletion was requested. @throws PROJECT_DELETING */
export function assertProjectOpen({ deletesAt }: Pick<Project, 'deletesAt'>): void {
  if (!deletesAt) return
  const detail = `This project is being deleted. An operator can restore it until ${deletesAt.toISOString()}.`
  throw appError('PROJECT_DELETING', detail)
}
