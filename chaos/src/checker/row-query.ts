import type { Deployment } from '../deployment/deployment.ts'
import type { ViolationKind } from './violation.ts'

/** Something that the database must never say, and what it would mean. */
export interface RowQuery {
  kind: ViolationKind
  find(sql: Deployment['sql']): Promise<{ subject: string; detail: string }[]>
}
