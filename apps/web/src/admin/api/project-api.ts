import type { Project, ProjectPatch, Usage } from '@darkroom/contracts'
import { type Page, queryString } from './query-string.ts'
import type { Send, SendOnce } from './send.ts'

export function createProjectApi(send: Send, sendOnce: SendOnce) {
  const one = (id: string) => `/v1/admin/projects/${id}`
  return {
    listProjects: (query: { limit: number; cursor: string | null }) =>
      send<Page<Project>>('GET', `/v1/admin/projects?${queryString(query)}`),
    readProject: (id: string) => send<Project>('GET', one(id)),
    readUsage: (id: string) => send<Usage>('GET', `${one(id)}/usage`),
    createProject: (name: string) => sendOnce<Project>('/v1/admin/projects', { name }),
    deleteProject: (id: string, query: { confirm: string; delayHours?: string }) =>
      send<Project>('DELETE', `${one(id)}?${queryString(query)}`),
    restoreProject: (id: string) => sendOnce<Project>(`${one(id)}/restore`),
    changeProject: (id: string, patch: ProjectPatch) => send<Project>('PATCH', one(id), patch),
  }
}
