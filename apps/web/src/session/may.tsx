import type { ReactNode } from 'react'
import type { Need } from './key-access.ts'
import { useMay } from './use-may.ts'

/** Shows what the key may do; nothing in its place where it may not. */
export const May = ({ need, children }: { need: Need; children: ReactNode }) => (useMay(need) ? children : null)
