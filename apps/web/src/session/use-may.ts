import type { Need } from './key-access.ts'
import { useKeyAccess } from './use-key-access.ts'

/** Tells whether the key may do something, so that what it may not do is not offered. True until that is known: the API decides anyway. */
export const useMay = (need: Need): boolean => useKeyAccess().denialOf(need) === null
