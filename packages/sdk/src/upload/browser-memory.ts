import { createLocalLocks, createVolatileMemory, type Memory, type Remembered } from './memory.ts'

const DATABASE = 'darkroom'
const STORE = 'uploads'

/**
 * Creates the memory of this browser for all tabs, in IndexedDB, with the locks of the browser. Where it has none (http
 * elsewhere than on localhost) the locks are of this tab; where nothing can be stored, the memory is.
 */
export function createBrowserMemory(): Memory {
  const volatile = createVolatileMemory()
  let opened: Promise<IDBDatabase | null> | undefined

  /** Does something with the store; null where there is none, or it is full. */
  async function use<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
    opened ??= openDatabase().catch(() => null)
    const database = await opened
    if (!database) return null
    return settled(act(database.transaction(STORE, mode).objectStore(STORE))).catch(() => null)
  }

  const list = async () => ((await use('readonly', store => store.getAllKeys())) ?? (await volatile.list())) as string[]

  async function sweep(): Promise<void> {
    for (const key of await list()) {
      const upload = await use<Remembered | undefined>('readonly', store => store.get(key))
      if (upload && upload.expiresAt < Date.now()) await use('readwrite', store => store.delete(key))
    }
  }

  return {
    async read(fingerprint) {
      const stored = await use<Remembered | undefined>('readonly', store => store.get(fingerprint))
      return stored ?? volatile.read(fingerprint)
    },
    list,
    async write(fingerprint, upload) {
      await volatile.write(fingerprint, upload)
      await sweep()
      await use('readwrite', store => store.put(upload, fingerprint))
    },
    async forget(fingerprint) {
      await volatile.forget(fingerprint)
      await use('readwrite', store => store.delete(fingerprint))
    },
    withLock: browserLocks() ?? createLocalLocks(),
  }
}

function browserLocks(): Memory['withLock'] | null {
  const { locks } = navigator
  if (!locks) return null
  return (fingerprint, work, signal) =>
    locks.request(`darkroom.upload.${fingerprint}`, signal ? { signal } : {}, work) as ReturnType<typeof work>
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE)
  return settled(request)
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
