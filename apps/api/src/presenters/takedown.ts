import type { Takedown } from '@darkroom/contracts'
import type { TakedownRow } from '@darkroom/db'

export const presentTakedown = ({ isEverywhere, createdAt, ...row }: TakedownRow): Takedown => ({
  ...row,
  everywhere: isEverywhere,
  createdAt: createdAt.toISOString(),
})
