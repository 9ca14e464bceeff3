/** The file that is uploaded, as far as somebody has to recognize it. Nothing of its content. */
export interface RememberedFile {
  name: string
  contentType: string
  byteSize: number
  /** In ms since 1970; null where that is not known. */
  lastModified: number | null
  /** To which service and with which key, of which it has the public part. */
  scope: string
}

/** What is kept of an upload, so that a reload or a crash does not lose it. Nothing of its content. */
export interface RememberedUpload {
  uploadId: string
  assetId: string
  /** The client token of this one upload; null where a key does what it allows. */
  token: string | null
  /** When it may be forgotten, in ms since 1970. */
  expiresAt: number
  /** When it was confirmed, in ms since 1970: somebody else who waited for the lock takes its asset. */
  finishedAt: number | null
}

/** What is kept while the service is asked to create an upload: the same key gets the same upload, also after a crash. */
export interface PlannedUpload {
  idempotencyKey: string
  /** When it may be forgotten, in ms since 1970. */
  expiresAt: number
}

/** `file` is missing in what an earlier version has written. */
export type Remembered = (PlannedUpload | RememberedUpload) & { file?: RememberedFile }

/** Keeps uploads by their fingerprint, for all tabs of a browser or all processes of a user. */
export interface Memory {
  read(fingerprint: string): Promise<Remembered | null>
  /** The fingerprints of all that is remembered. */
  list(): Promise<string[]>
  /** Also drops what has expired. */
  write(fingerprint: string, upload: Remembered): Promise<void>
  forget(fingerprint: string): Promise<void>
  /**
   * Works while no other tab or process has the same lock. One that crashed has it no longer.
   * @throws the signal's reason when it is aborted while it waits
   */
  withLock<T>(fingerprint: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

/** Creates a memory of this page or process alone. */
export function createVolatileMemory(): Memory {
  const uploads = new Map<string, Remembered>()
  return {
    read: async fingerprint => uploads.get(fingerprint) ?? null,
    list: async () => [...uploads.keys()],
    async write(fingerprint, upload) {
      for (const [key, { expiresAt }] of uploads) if (expiresAt < Date.now()) uploads.delete(key)
      uploads.set(fingerprint, upload)
    },
    async forget(fingerprint) {
      uploads.delete(fingerprint)
    },
    withLock: createLocalLocks(),
  }
}

/** Creates locks that hold within this page or process, each in the order in which it was asked for. */
export function createLocalLocks(): Memory['withLock'] {
  const last = new Map<string, Promise<unknown>>()
  return async (name, work, signal) => {
    const before = last.get(name)
    const turn = Promise.withResolvers<void>()
    const mine = Promise.all([before, turn.promise])
    last.set(name, mine)
    try {
      await orAborted(before, signal)
      return await work()
    } finally {
      turn.resolve()
      if (last.get(name) === mine) last.delete(name)
    }
  }
}

async function orAborted(promise: Promise<unknown> | undefined, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([promise, aborted.promise])
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}
