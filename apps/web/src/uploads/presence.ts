const PREFIX = 'darkroom.row.'

/** The part of the Web Locks API that is used: a lock is held until the promise of the callback is settled. */
export interface Locks {
  request(name: string, callback: () => Promise<void> | undefined): Promise<unknown>
}

export type Presence = ReturnType<typeof createPresence>

/**
 * Marks the uploads that are shown in this tab, also while they wait or have failed, so that another tab shows one only when
 * this tab is gone. Where a browser has no locks (http elsewhere than on localhost), a tab knows its own after a reload and
 * no others.
 */
export function createPresence(locks: Locks | null, storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
  /** How to let go of those that this tab holds or waits for. */
  const held = new Map<string, () => void>()

  function request(fingerprint: string, onHeld: () => void): void {
    const { promise, resolve } = Promise.withResolvers<void>()
    held.set(fingerprint, resolve)
    if (!locks) onHeld()
    void locks?.request(PREFIX + fingerprint, () => {
      // It was let go of before its turn came.
      if (held.get(fingerprint) !== resolve) return
      onHeld()
      return promise
    })
  }

  return {
    hold(fingerprint: string): void {
      if (held.has(fingerprint)) return
      if (!locks) storage.setItem(PREFIX + fingerprint, 'held')
      request(fingerprint, () => undefined)
    },
    /** Leaves it to whoever asks next. */
    release(fingerprint: string): void {
      held.get(fingerprint)?.()
      held.delete(fingerprint)
      storage.removeItem(PREFIX + fingerprint)
    },
    /** Holds it as soon as no other tab does, and calls back then. Not for what this tab has already. */
    take(fingerprint: string, onTaken: () => void): void {
      if (held.has(fingerprint) || (!locks && storage.getItem(PREFIX + fingerprint) === null)) return
      request(fingerprint, onTaken)
    },
  }
}
