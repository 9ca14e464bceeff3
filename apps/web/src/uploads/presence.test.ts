import { expect, test } from 'vitest'
import { createPresence, type Locks } from './presence.ts'

/** Locks that tabs share: a closed tab releases all of its own. */
function createBrowser() {
  const lines = new Map<string, Promise<void>>()
  return function openTab() {
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
    function close(): void {
      isClosed = true
      closed.resolve()
    }
    return { presence: createPresence(locks, createStorage()), close }
  }
}

function createStorage() {
  const values = new Map<string, string>()
  return {
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => void values.set(name, value),
    removeItem: (name: string) => void values.delete(name),
  }
}

const settled = () => new Promise(resolve => setTimeout(resolve))

test('an upload is left to the tab that has it, and taken over by one when that is closed', async () => {
  const openTab = createBrowser()
  const [first, second, third] = [openTab(), openTab(), openTab()]
  const taken: string[] = []
  first.presence.hold('f')
  first.presence.take('f', () => taken.push('first'))
  second.presence.take('f', () => taken.push('second'))
  third.presence.take('f', () => taken.push('third'))
  await settled()
  expect(taken).toEqual([])
  first.close()
  await settled()
  expect(taken).toEqual(['second'])
  second.presence.release('f')
  await settled()
  expect(taken).toEqual(['second', 'third'])
})

test('what is let go of before its turn comes is not taken', async () => {
  const openTab = createBrowser()
  const [first, second] = [openTab(), openTab()]
  const taken: string[] = []
  first.presence.hold('f')
  second.presence.take('f', () => taken.push('second'))
  second.presence.release('f')
  first.presence.release('f')
  await settled()
  expect(taken).toEqual([])
})

test('without locks a tab finds its own uploads after a reload, and no others', () => {
  const storage = createStorage()
  createPresence(null, storage).hold('mine')
  const taken: string[] = []
  const reloaded = createPresence(null, storage)
  for (const fingerprint of ['mine', 'of another tab']) reloaded.take(fingerprint, () => taken.push(fingerprint))
  expect(taken).toEqual(['mine'])
})
