import type { Violation } from '../checker/violation.ts'
import type { Caller } from '../client/caller.ts'

/** The results of the trials of one scenario on one backend. */
export interface TrialResults {
  trials: number
  assets: number
  figures: number[]
  violations: Violation[]
  notes: Map<string, number>
  statuses: Map<number, number>
  /** Each subject counts once per kind, however often it is looked at. */
  add(found: readonly Violation[]): void
  note(name: string, amount: number): void
  /** Adds the statuses and contract violations that a client saw. */
  addAnswersOf(caller: Caller): void
}

export function createTrialResults(): TrialResults {
  const seen = new Set<string>()
  const results: TrialResults = {
    trials: 0,
    assets: 0,
    figures: [],
    violations: [],
    notes: new Map(),
    statuses: new Map(),
    add(found) {
      for (const violation of found) {
        const key = `${violation.kind} ${violation.subject}`
        if (!seen.has(key)) results.violations.push(violation)
        seen.add(key)
      }
    },
    note(name, amount) {
      results.notes.set(name, (results.notes.get(name) ?? 0) + amount)
    },
    addAnswersOf({ statuses, contractViolations }) {
      for (const [status, count] of statuses) results.statuses.set(status, (results.statuses.get(status) ?? 0) + count)
      results.add(
        contractViolations.map(({ call, status, text }) => ({
          kind: 'unclear-error' as const,
          subject: `${call.replaceAll(UUID, ':id')} answered ${status}`,
          detail: text.slice(0, 500),
        })),
      )
    },
  }
  return results
}

const UUID = /[0-9a-f]{8}-[0-9a-f-]{27}/g
