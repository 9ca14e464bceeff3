import { REFRESH_MS } from '../../ui/refresh.ts'
import { useAdminQuery } from '../session/use-admin-query.ts'

/** Reads the endpoints of the key's project; there are ten at most. */
export const useWebhooks = () =>
  useAdminQuery({ name: ['webhooks'], read: api => api.listWebhooks(), everyMs: () => REFRESH_MS })
