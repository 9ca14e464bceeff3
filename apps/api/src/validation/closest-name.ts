import { closest, distance } from 'fastest-levenshtein'

/** Longer than any name of ours; what is longer is no slip of the finger. */
const MAX_LENGTH = 64

/** Finds the known name that is closest to a misspelt one, regardless of case; null when none is close. */
export function closestName(written: string, names: readonly string[]): string | null {
  if (names.length === 0 || written.length > MAX_LENGTH) return null
  const lower = written.toLowerCase()
  const byLower = new Map(names.map(name => [name.toLowerCase(), name]))
  const found = closest(lower, [...byLower.keys()])
  const allowed = Math.max(1, Math.floor(lower.length / 3))
  return distance(lower, found) <= allowed ? (byLower.get(found) ?? null) : null
}
