/** 16 levels per channel. */
const BIN_SHIFT = 4
const BINS_PER_CHANNEL = 256 >> BIN_SHIFT

/** Returns the mean of the most frequent group of similar colours, as `#rrggbb`; what is transparent does not count. */
export function dominantColor(rgba: Uint8Array): string {
  const sums = new Float64Array(BINS_PER_CHANNEL ** 3 * 4)
  let best = 0
  for (let at = 0; at < rgba.length; at += 4) {
    const [r = 0, g = 0, b = 0, a = 0] = rgba.subarray(at, at + 4)
    const bin = (((r >> BIN_SHIFT) * BINS_PER_CHANNEL + (g >> BIN_SHIFT)) * BINS_PER_CHANNEL + (b >> BIN_SHIFT)) * 4
    for (const [n, value] of [r * a, g * a, b * a, a].entries()) sums[bin + n] = (sums[bin + n] ?? 0) + value
    if ((sums[bin + 3] ?? 0) > (sums[best + 3] ?? 0)) best = bin
  }
  const weight = sums[best + 3] || 1
  return `#${[0, 1, 2].map(n => hex((sums[best + n] ?? 0) / weight)).join('')}`
}

const hex = (value: number): string => Math.round(value).toString(16).padStart(2, '0')
