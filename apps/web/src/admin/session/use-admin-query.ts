import { useQuery } from '@tanstack/react-query'
import { refreshAfter } from '../../ui/refresh.ts'
import type { AdminApi } from '../api/admin-api.ts'
import { adminKey } from './admin-key.ts'
import { useAdmin } from './use-admin.ts'

interface AdminQuery<T> {
  name: readonly unknown[]
  read: (api: AdminApi) => Promise<T>
  /** How long until it is asked again; false for never. */
  everyMs: (data: T | undefined) => number | false
}

/** Reads something of the admin API and keeps it fresh. The last answer stays while a new one is on its way or fails. */
export function useAdminQuery<T>({ name, read, everyMs }: AdminQuery<T>) {
  const { api, apiKey } = useAdmin()
  return useQuery({
    queryKey: adminKey(apiKey, ...name),
    queryFn: () => read(api),
    enabled: apiKey !== null,
    refetchInterval: ({ state }) => refreshAfter(state.error, everyMs(state.data)),
  })
}
