import type { Takedown } from '@darkroom/contracts'
import type { TakedownRow } from '@darkroom/db/deletion'

export const presentTakedown = ({
  isEverywhere,
  createdAt,
  liftedAt,
  liftedBy,
  liftReason,
  ...row
}: TakedownRow): Takedown => ({
  ...row,
  everywhere: isEverywhere,
  createdAt: createdAt.toISOString(),
  lifted: liftedAt && { at: liftedAt.toISOString(), by: liftedBy ?? '', reason: liftReason ?? '' },
})
