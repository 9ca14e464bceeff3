import type { Darkroom } from '@darkroom/sdk'
import { useQuery } from '@tanstack/react-query'
import { closed, type Open } from '../../api/closed.ts'
import { refreshAfter } from '../../ui/refresh.ts'
import { adminKey } from './admin-key.ts'
import { useAdmin } from './use-admin.ts'

interface AdminQuery<T> {
  name: readonly unknown[]
  read: (darkroom: Darkroom) => Promise<Open<T>>
  /** How long until it is asked again; false for never. */
  everyMs: (data: T | undefined) => number | false
}

/** Reads something of the admin API and keeps it fresh. The last answer stays while a new one is on its way or fails. */
export function useAdminQuery<T>({ name, read, everyMs }: AdminQuery<T>) {
  const { clients, apiKey } = useAdmin()
  return useQuery({
    queryKey: adminKey(apiKey, ...name),
    queryFn: () => closed<T>(read(clients.quick)),
    enabled: apiKey !== null,
    refetchInterval: ({ state }) => refreshAfter(state.error, everyMs(state.data)),
  })
}
