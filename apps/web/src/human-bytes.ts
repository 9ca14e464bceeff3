const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/**
 * Returns the index of the decimal unit in which `bytes` reads as 1 to 999. Rounding counts: 999,950 bytes are 1 MB,
 * not 1000 kB.
 */
function unitIndex(bytes: number): number {
  let index = 0
  while (index < UNITS.length - 1 && Number(rounded(bytes, index)) >= 1000) index += 1
  return index
}

function rounded(bytes: number, index: number): string {
  const value = bytes / 1000 ** index
  return index === 0 || value >= 99.95 ? String(Math.round(value)) : String(Number(value.toFixed(1)))
}

/** Formats bytes in decimal units: `7.4 MB`. */
export function humanBytes(bytes: number): string {
  const index = unitIndex(bytes)
  return `${rounded(bytes, index)} ${UNITS[index]}`
}

/** Formats a part of a whole in the unit and precision of the whole, so that a count does not jump: `3.0 of 7.4 MB`. */
export function humanBytesOf(part: number, whole: number): string {
  const index = unitIndex(whole)
  const scale = 1000 ** index
  const decimals = index === 0 || whole / scale >= 99.95 ? 0 : 1
  return `${(part / scale).toFixed(decimals)} of ${humanBytes(whole)}`
}
