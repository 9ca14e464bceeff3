/**
 * Why the service is not asked for anything, the plainest reason first: this device has no connection, the service does not
 * answer, there is no key, or its store takes no files.
 */
const HOLDS = ['offline', 'silent', 'keyless', 'paused'] as const
export type Hold = (typeof HOLDS)[number]

export type Gate = ReturnType<typeof createGate>

/** Creates the gate at which files wait while the service cannot take them. */
export function createGate() {
  const holds = new Set<Hold>()
  const listeners = new Set<() => void>()
  let opened = Promise.withResolvers<void>()
  opened.resolve()

  return {
    isOpen: () => holds.size === 0,
    /** What to name as the reason; null while nothing is in the way. */
    hold: (): Hold | null => HOLDS.find(hold => holds.has(hold)) ?? null,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** Resolves as soon as nothing is in the way. */
    passed: () => opened.promise,
    set(hold: Hold, isOn: boolean): void {
      if (holds.has(hold) === isOn) return
      const wasOpen = holds.size === 0
      if (isOn) holds.add(hold)
      else holds.delete(hold)
      if (wasOpen) opened = Promise.withResolvers()
      if (holds.size === 0) opened.resolve()
      for (const listener of listeners) listener()
    },
  }
}
