import type { TimelineEntry } from '@darkroom/contracts'

/** Entries with a key that stays the same when earlier or later ones come in: they have no id, and some are alike. */
export function keyedEntries(entries: TimelineEntry[]): { key: string; entry: TimelineEntry }[] {
  const seen = new Map<string, number>()
  return entries.map(entry => {
    const name = `${entry.at} ${entry.what}`
    const count = seen.get(name) ?? 0
    seen.set(name, count + 1)
    return { key: `${name} ${count}`, entry }
  })
}
