/** Returns how much smaller or larger a variant is than the original, such as `−82 %`; null where either is unknown. */
export function savingText(byteSize: number | null, originalBytes: number): string | null {
  if (byteSize === null || originalBytes === 0) return null
  const percent = Math.round((byteSize / originalBytes - 1) * 100)
  if (percent === 0) return '±0 %'
  return percent < 0 ? `−${-percent} %` : `+${percent} %`
}
