/** Why the service is not asked for anything: it does not answer, there is no key, or its store takes no files. */
export type Hold = 'offline' | 'keyless' | 'paused'

export type Gate = ReturnType<typeof createGate>

/** Where files wait while the service cannot take them on. */
export function createGate() {
  const holds = new Set<Hold>()
  let opened = Promise.withResolvers<void>()
  opened.resolve()

  return {
    isOpen: () => holds.size === 0,
    /** Resolves as soon as nothing is in the way. */
    passed: () => opened.promise,
    set(hold: Hold, isOn: boolean): void {
      const wasOpen = holds.size === 0
      if (isOn) holds.add(hold)
      else holds.delete(hold)
      if (wasOpen && isOn) opened = Promise.withResolvers()
      if (holds.size === 0) opened.resolve()
    },
  }
}
