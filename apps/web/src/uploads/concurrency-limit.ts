/** Lets so many run at a time; the others wait in the order in which they came. */
export function createConcurrencyLimit(count: number) {
  const waiting = new Map<string, () => void>()
  const running = new Set<string>()

  function next(): void {
    for (const [id, start] of waiting) {
      if (running.size === count) return
      waiting.delete(id)
      running.add(id)
      start()
    }
  }

  return {
    enter(id: string, start: () => void): void {
      waiting.set(id, start)
      next()
    },
    /** It has ended, or shall never start. */
    leave(id: string): void {
      waiting.delete(id)
      if (running.delete(id)) next()
    },
  }
}
