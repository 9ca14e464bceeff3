import { appError } from '@darkroom/contracts'
import type { Database } from '@darkroom/db/client'
import { findProject, type Project } from '@darkroom/db/projects'
import type { FastifyRequest } from 'fastify'
import { assertProjectOpen } from '../../auth/assert-project-open.ts'
import { idOf, raise } from '../route.ts'

type ProjectRequest = FastifyRequest<{ Params: { id: string } }>

/** Finds the project that an operator's path names. @throws NOT_FOUND, PROJECT_DELETED when only its receipt is left */
export async function projectOfRequest(db: Database, request: ProjectRequest): Promise<Project> {
  const project = (await findProject(db, idOf(request))) ?? raise('NOT_FOUND')
  if (project.deletedAt) throw appError('PROJECT_DELETED')
  return project
}

/** Finds the same project for a request that adds or changes something. @throws PROJECT_DELETING as well */
export async function openProjectOfRequest(db: Database, request: ProjectRequest): Promise<Project> {
  const project = await projectOfRequest(db, request)
  assertProjectOpen(project)
  return project
}
