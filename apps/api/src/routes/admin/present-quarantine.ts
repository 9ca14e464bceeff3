import type { Quarantined } from '@darkroom/contracts'
import type { QuarantineRow } from '@darkroom/db/operations'

/** Presents content in quarantine as an admin sees it. */
export const presentQuarantine = ({ releasedAt: _, createdAt, ...row }: QuarantineRow): Quarantined => ({
  ...row,
  createdAt: createdAt.toISOString(),
})
