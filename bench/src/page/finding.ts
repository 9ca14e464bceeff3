/** One line of the report: what was measured, and what is wanted. */
export interface Finding {
  name: string
  found: string
  wanted: string
  isMet: boolean
}

/** Makes the finding of a figure that has a most. */
export const atMost = (
  name: string,
  value: number,
  { most, unit, digits = 0 }: { most: number; unit: string; digits?: number },
): Finding => ({
  name,
  found: `${value.toFixed(digits)} ${unit}`,
  wanted: `≤ ${most} ${unit}`,
  isMet: value <= most,
})
