/** Ways in which the system can fall short of the invariants I1 to I9 of docs/chaos.md. */
export const VIOLATION_KINDS = {
  lost: 'I1: acknowledged, and neither its bytes nor a clear error are there',
  incomplete: 'I2: ready, and a declared variant is missing, does not decode or is not as recorded',
  stuck: 'I3: still not terminal after the faults ended',
  orphan: 'I4, I8: objects, uploads, files or processes that belong to nothing',
  duplicate: 'I5: more than one effect of what should have one',
  resurrected: 'I6: deleted, and there again',
  'cross-tenant': 'I7: a row or key of another tenant',
  'unclear-error': 'I9: a failure without a stable code, or an internal error',
  unexpected: 'the scenario itself saw something else than it should',
} as const
export type ViolationKind = keyof typeof VIOLATION_KINDS

export interface Violation {
  kind: ViolationKind
  /** What it is about; the same subject counts once. */
  subject: string
  detail: string
}
