import type { Quarantined } from '@darkroom/contracts'
import { useAdminPages } from '../session/use-admin-pages.ts'

const PAGE_SIZE = 50

/** It rarely changes. */
const REFRESH_MS = 15_000

export const useQuarantine = () =>
  useAdminPages<Quarantined>({
    name: ['quarantine'],
    read: (darkroom, start) => darkroom.admin.quarantine.list({ ...start, limit: PAGE_SIZE }),
    everyMs: () => REFRESH_MS,
    keyOf: item => item.id,
  })
