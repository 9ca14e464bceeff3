const UNITS: Record<string, number> = { '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }

/** Parses a size in decimal units: `50 GB`, `1.5MB`, `1000`. Null for anything else. */
export function parseBytes(text: string): number | null {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? []
  const scale = UNITS[unit.toUpperCase()]
  const bytes = scale === undefined || number === '' ? 0 : Math.round(Number(number) * scale)
  return bytes > 0 ? bytes : null
}
