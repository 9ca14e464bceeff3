/** Returns the median; null for an empty list. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((one, two) => one - two)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}

export const worst = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values))

/**
 * Returns the smallest of the values that at least the share `part` (0 to 1) of all does not exceed; null for an empty
 * list.
 */
export function percentile(values: readonly number[], part: number): number | null {
  const sorted = values.toSorted((one, two) => one - two)
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null
}
