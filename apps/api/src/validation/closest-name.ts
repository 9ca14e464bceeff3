import { closest, distance } from 'fastest-levenshtein'

/** Longer than any name of ours; what is longer is no slip of the finger. */
const MAX_LENGTH = 64

/** The name that somebody meant who wrote another one, when one is near enough; upper and lower case are the same. */
export function closestName(written: string, names: readonly string[]): string | null {
  if (names.length === 0 || written.length > MAX_LENGTH) return null
  const lower = written.toLowerCase()
  const byLower = new Map(names.map(name => [name.toLowerCase(), name]))
  const found = closest(lower, [...byLower.keys()])
  const allowed = Math.max(1, Math.floor(lower.length / 3))
  return distance(lower, found) <= allowed ? (byLower.get(found) ?? null) : null
}
