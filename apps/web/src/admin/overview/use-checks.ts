import type { InstallationChecks } from '@darkroom/contracts'
import { useAdminQuery } from '../session/use-admin-query.ts'

/** The checks take seconds the first time, and change every minute at most after that. */
const SOON_MS = 1000
const LATER_MS = 60_000

/** Reads what the checks of the installation found last. */
export const useChecks = () =>
  useAdminQuery<InstallationChecks>({
    name: ['checks'],
    read: darkroom => darkroom.admin.checks(),
    everyMs: data => (data === undefined || data.isRunning ? SOON_MS : LATER_MS),
  })
