import { isDeepStrictEqual } from 'node:util'
import { isAppError } from '@darkroom/core'

/** Rules whose id starts so are ours; all others are somebody else's and stay. */
const OURS = 'darkroom-'

export interface RuleChanges<R> {
  /** What is set now. */
  current: R[]
  /** What would be set: the foreign rules, then ours. */
  planned: R[]
  changed: boolean
  applied: boolean
}

/** Keeps foreign rules and replaces ours. */
export function diffRules<R extends { ID?: string | undefined }>(current: R[], ours: R[]): RuleChanges<R> {
  const planned = [...current.filter(rule => !rule.ID?.startsWith(OURS)), ...ours]
  return { current, planned, changed: !isDeepStrictEqual(withoutOrder(current), withoutOrder(planned)), applied: false }
}

/** Stores answer rules and fields in an order of their own, and header names in lower case. */
function withoutOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutOrder).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
  }
  if (typeof value === 'string') return value.toLowerCase()
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.fromEntries(
    fields.sort(([a], [b]) => a.localeCompare(b)).map(([name, field]) => [name, withoutOrder(field)]),
  )
}

/** Reads rules; a bucket that has none says so with a 404. */
export async function readRules<R>(read: () => Promise<R[] | undefined>): Promise<R[]> {
  try {
    return (await read()) ?? []
  } catch (error) {
    if (isAppError(error, 'STORE_NOT_FOUND')) return []
    throw error
  }
}
