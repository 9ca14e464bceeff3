import type { FileIdentity } from './file-identity.ts'

/** What is kept of an upload that is under way, so that a reload does not lose it. Nothing of its content, and no secret. */
export interface RememberedUpload extends FileIdentity {
  uploadId: string
  assetId: string
  /** The public part of the key that it belongs to. */
  keyId: string
  contentType: string
  /** When the service gives it up; null where that is not known. */
  expiresAt: string | null
}

const PREFIX = 'darkroom.upload.'

/** Returns the public part of a key, `dk_` and eight characters. */
export const keyIdOf = (key: string): string => key.slice(0, 11)

/** The part of the Web Locks API that is used: a lock is held until the promise of the callback is settled. */
export interface Locks {
  request(name: string, callback: () => Promise<void> | undefined): Promise<unknown>
}

/** Where a browser has no locks, no other tab sees what is remembered, so every lock is free. */
const NO_LOCKS: Locks = { request: async (_, callback) => callback() }

export type UploadMemory = ReturnType<typeof createUploadMemory>

/**
 * Creates the upload memory of this browser for all tabs, or of this tab alone where there are no locks (http elsewhere
 * than on localhost).
 */
export const createBrowserMemory = () =>
  navigator.locks ? createUploadMemory(localStorage, navigator.locks) : createUploadMemory(sessionStorage, NO_LOCKS)

/**
 * Remembers uploads under way beyond a reload. Each is held under a lock by the tab that has it, so that another takes it
 * over only when that tab is gone.
 */
export function createUploadMemory(storage: Storage, locks: Locks = NO_LOCKS) {
  /** How to let go of those that this tab holds. */
  const held = new Map<string, () => void>()
  const awaited = new Set<string>()

  function read(uploadId: string): RememberedUpload | null {
    const text = storage.getItem(PREFIX + uploadId)
    return text === null ? null : JSON.parse(text)
  }

  function hold(uploadId: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    held.set(uploadId, resolve)
    return promise
  }

  function release(uploadId: string): void {
    held.get(uploadId)?.()
    held.delete(uploadId)
  }

  function forget(uploadId: string): void {
    storage.removeItem(PREFIX + uploadId)
    release(uploadId)
  }

  function all(): RememberedUpload[] {
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
    return keys.filter(key => key.startsWith(PREFIX)).flatMap(key => read(key.slice(PREFIX.length)) ?? [])
  }

  return {
    remember(upload: RememberedUpload): void {
      const { uploadId } = upload
      try {
        storage.setItem(PREFIX + uploadId, JSON.stringify(upload))
      } catch {
        // Full, or switched off: the upload goes on, and a reload will have forgotten it.
        return
      }
      if (!held.has(uploadId)) void locks.request(PREFIX + uploadId, () => hold(uploadId))
    },
    forget,
    /** Leaves it to whoever asks next. */
    release,
    /** Calls back with every upload of the key that no other tab has, now or as soon as that tab is gone. */
    recover(keyId: string, onFound: (upload: RememberedUpload) => void): void {
      for (const { uploadId, expiresAt, ...upload } of all()) {
        if (expiresAt !== null && Date.parse(expiresAt) < Date.now()) forget(uploadId)
        else if (upload.keyId === keyId && !held.has(uploadId) && !awaited.has(uploadId)) {
          awaited.add(uploadId)
          void locks.request(PREFIX + uploadId, () => {
            awaited.delete(uploadId)
            const found = read(uploadId)
            // Its tab had come to its end.
            if (found === null) return
            onFound(found)
            return hold(uploadId)
          })
        }
      }
    },
  }
}
