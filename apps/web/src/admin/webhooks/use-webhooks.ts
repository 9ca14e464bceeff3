import type { Webhook } from '@darkroom/contracts'
import { REFRESH_MS } from '../../ui/refresh.ts'
import { useAdminQuery } from '../session/use-admin-query.ts'

/** Reads the endpoints of the key's project; there are ten at most. */
export const useWebhooks = () =>
  useAdminQuery<Webhook[]>({
    name: ['webhooks'],
    read: async darkroom => (await darkroom.webhooks.list()).items,
    everyMs: () => REFRESH_MS,
  })
