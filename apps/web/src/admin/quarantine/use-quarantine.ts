import { useAdminPages } from '../session/use-admin-pages.ts'

/** It rarely changes. */
const REFRESH_MS = 15_000

export const useQuarantine = () =>
  useAdminPages({
    name: ['quarantine'],
    read: (api, cursor) => api.listQuarantine(cursor),
    everyMs: () => REFRESH_MS,
    keyOf: item => item.id,
  })
