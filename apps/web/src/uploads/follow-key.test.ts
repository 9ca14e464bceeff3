import { expect, test } from 'vitest'
import { createGate } from '../api/gate.ts'
import { createKeyStore } from '../api/key-store.ts'
import { createAssetStore } from '../assets/asset-store.ts'
import { testAsset } from '../testing/test-asset.ts'
import { testItem } from '../testing/test-item.ts'
import { followKey } from './follow-key.ts'
import type { UploadEngine } from './upload-engine.ts'
import { createUploadStore } from './upload-store.ts'

/** A page with a key and with one file in each state. */
function setUp() {
  const keys = createKeyStore({ getItem: () => 'dk_a', setItem: () => undefined, removeItem: () => undefined })
  keys.setMode('configured')
  const gate = createGate()
  const uploads = createUploadStore()
  const assets = createAssetStore()
  let ids = 0
  const engine: Pick<UploadEngine, 'add' | 'clear'> = {
    add: items => uploads.add(items),
    clear: () => uploads.remove(uploads.all().map(({ id }) => id)),
  }
  followKey({ keys, gate, engine: engine as UploadEngine, uploads, assets, newId: () => `n${++ids}` })
  const failure = { code: 'UNAUTHORIZED', detail: '', step: 'send', retryable: null } as const
  uploads.add([
    testItem({ id: 'waiting' }),
    testItem({ id: 'sending', phase: 'sending', uploadId: 'u1', assetId: 'a1', sentBytes: 5 }),
    testItem({ id: 'refused', phase: 'failed', failure }),
    testItem({ id: 'empty', phase: 'failed', failure: { ...failure, code: 'EMPTY_FILE' } }),
    testItem({ id: 'done', phase: 'following', uploadId: 'u2', assetId: 'a2' }),
  ])
  assets.put([testAsset({ id: 'a2' })])
  return { keys, gate, uploads, assets }
}

test('shows nothing of a key that was forgotten', () => {
  const { keys, gate, uploads, assets } = setUp()
  keys.forget()
  expect([uploads.all().length, assets.all().size, gate.isOpen()]).toEqual([0, 0, false])
})

test('sends what is added while there is no key once there is one', () => {
  const { keys, gate, uploads } = setUp()
  keys.forget()
  uploads.add([testItem({ id: 'early' })])
  keys.enter('dk_b')
  expect(uploads.all()).toMatchObject([{ id: 'early', phase: 'waiting' }])
  expect(gate.isOpen()).toBe(true)
})

test('holds everything when a key is refused, and goes on with the same one', () => {
  const { keys, gate, uploads, assets } = setUp()
  const before = uploads.all()
  keys.refuse('dk_a')
  expect([uploads.all(), assets.all().size, gate.isOpen()]).toEqual([before, 1, false])
  keys.enter('dk_a')
  expect([uploads.all(), assets.all().size, gate.isOpen()]).toEqual([before, 1, true])
})

test('begins anew under another key what did not get through under a refused one', () => {
  const { keys, uploads, assets } = setUp()
  keys.refuse('dk_a')
  keys.enter('dk_b')
  const fresh = { phase: 'waiting', uploadId: null, assetId: null, sentBytes: 0, failure: null }
  expect(uploads.all()).toMatchObject([fresh, fresh, fresh])
  expect(uploads.all().filter(({ id }) => ['waiting', 'sending', 'refused'].includes(id))).toEqual([])
  expect(assets.all().size).toBe(0)
})

test('leaves everything as it is when something else is told of the key', () => {
  const { keys, uploads } = setUp()
  const before = uploads.all()
  keys.denyReading('no')
  expect(uploads.all()).toBe(before)
})
