import type { Locks } from '../uploads/upload-memory.ts'

/** Creates a storage, and locks that tabs share: a closed tab releases all of its locks. */
export function testMemoryParts() {
  const values = new Map<string, string>()
  const storage: Storage = {
    get length() {
      return values.size
    },
    key: index => [...values.keys()][index] ?? null,
    getItem: name => values.get(name) ?? null,
    setItem: (name, value) => void values.set(name, value),
    removeItem: name => void values.delete(name),
    clear: () => values.clear(),
  }
  const lines = new Map<string, Promise<void>>()

  function tab() {
    const closed = Promise.withResolvers<void>()
    let isClosed = false
    const locks: Locks = {
      request(name, callback) {
        const before = lines.get(name) ?? Promise.resolve()
        const held = before.then(() => (isClosed ? undefined : Promise.race([callback(), closed.promise])))
        lines.set(name, held)
        return held
      },
    }
    const close = () => {
      isClosed = true
      closed.resolve()
    }
    return { locks, close }
  }
  return { storage, tab }
}
