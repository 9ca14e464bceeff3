import { appError } from '@darkroom/contracts'
import type { Project } from '@darkroom/db/projects'

/** Whatever is asked with a key, a token or a link of a project ends with the wish to delete it. @throws PROJECT_DELETING */
export function assertProjectOpen({ deletesAt }: Pick<Project, 'deletesAt'>): void {
  if (!deletesAt) return
  const detail = `This project is being deleted. An operator can restore it until ${deletesAt.toISOString()}.`
  throw appError('PROJECT_DELETING', detail)
}
