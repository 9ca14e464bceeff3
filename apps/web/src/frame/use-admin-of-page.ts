import type { ServiceStatus } from '@darkroom/contracts'
import { useMemo } from 'react'
import type { Admin } from '../admin/session/use-admin.ts'
import { useApiKey } from '../hooks/use-api-key.ts'
import { useServices } from '../hooks/use-services.ts'

/** Returns what the pages of admins need to call the API: others for each key. */
export function useAdminOfPage(status: ServiceStatus | null): Admin {
  const { keys, clients } = useServices()
  const { key } = useApiKey()
  const isLocal = status?.mode === 'local'
  const ofKey = clients()
  return useMemo(
    () => ({ clients: ofKey, apiKey: key, forgetKey: isLocal ? null : keys.forget }),
    [ofKey, key, isLocal, keys],
  )
}
