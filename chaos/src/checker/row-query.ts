import type { Universe } from '../world/universe.ts'
import type { ViolationKind } from './violation.ts'

/** Something that the database must never say, and what it would mean. */
export interface RowQuery {
  kind: ViolationKind
  find(sql: Universe['sql']): Promise<{ subject: string; detail: string }[]>
}
