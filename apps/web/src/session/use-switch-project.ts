import type { Project, Scope } from '@darkroom/contracts'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useSyncExternalStore } from 'react'
import { closed } from '../api/closed.ts'
import { useApiKey } from '../hooks/use-api-key.ts'
import { useServices } from '../hooks/use-services.ts'
import { useNotice } from '../ui/notice.tsx'
import { useKeyAccess } from './use-key-access.ts'

/** How long a key lives that the page makes for itself: a working day. */
const SWITCHED_KEY_HOURS = 8
const PAGE_SIZE = 50

/** Somewhere to switch to. */
export interface Destination {
  id: string
  label: string
  isCurrent: boolean
}

interface ProjectPage {
  items: Project[]
  nextCursor: string | null
}

const NO_PROJECT = 'operator'

/** Returns the projects that the keys of this tab reach, and how to work in one of them; an operator reaches all. */
export function useSwitchProject() {
  const { clients, keys, ring } = useServices()
  const queryClient = useQueryClient()
  const { key } = useApiKey()
  const { access } = useKeyAccess()
  const { fail } = useNotice()
  const known = useSyncExternalStore(ring.subscribe, ring.all)
  const isOperator = access?.isOperator ?? false
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = useInfiniteQuery({
    queryKey: ['switch-projects', key],
    queryFn: ({ pageParam }) => {
      const query = { status: 'active', limit: PAGE_SIZE, ...(pageParam !== null && { cursor: pageParam }) } as const
      return closed<ProjectPage>(clients().quick.admin.projects.list(query))
    },
    initialPageParam: null as string | null,
    getNextPageParam: page => page.nextCursor,
    enabled: isOperator,
    staleTime: 60_000,
  })
  const projects = data?.pages.flatMap(page => page.items) ?? []

  const currentId = access ? (access.project?.id ?? NO_PROJECT) : null
  const labels = new Map<string, string>()
  if (access) labels.set(currentId ?? '', access.project?.name ?? 'All projects')
  for (const { projectId, label } of known) labels.set(projectId ?? NO_PROJECT, label)
  for (const { id, name } of projects) labels.set(id, name)
  const destinations: Destination[] = [...labels].map(([id, label]) => ({ id, label, isCurrent: id === currentId }))

  const switchTo = useCallback(
    async (id: string) => {
      if (!access || key === null || id === currentId) return
      try {
        const next = ring.all().find(({ projectId }) => (projectId ?? NO_PROJECT) === id)?.key ?? (await makeKey(id))
        ring.add({ key, projectId: access.project?.id ?? null, label: access.project?.name ?? 'All projects' })
        ring.drop(next)
        keys.enter(next)
        queryClient.removeQueries({ queryKey: ['admin'] })
      } catch (error) {
        fail(error)
      }

      async function makeKey(projectId: string): Promise<string> {
        const expiresAt = new Date(Date.now() + SWITCHED_KEY_HOURS * 3_600_000).toISOString()
        const body = { name: 'web page', scopes: access?.scopes as Scope[], expiresAt }
        const made = await clients().patient.admin.keys.createForProject(projectId, body)
        if (made.key === null) throw new Error('The response with the key was lost.')
        return made.key
      }
    },
    [access, key, currentId, clients, keys, ring, queryClient, fail],
  )
  /** Reads on; nothing when all are there, or what was asked for last has not come. */
  const loadMore = hasNextPage && !isFetching && !isError ? () => void fetchNextPage() : null
  return { access, destinations, hasMore: hasNextPage, loadMore, switchTo }
}
