import { expect, test } from 'vitest'
import { testMemoryParts } from '../testing/test-memory.ts'
import { createUploadMemory, keyIdOf, type RememberedUpload } from './upload-memory.ts'

const upload: RememberedUpload = {
  uploadId: 'u1',
  assetId: 'a1',
  keyId: 'dk_12345678',
  contentType: 'video/mp4',
  name: 'a.mp4',
  byteSize: 9,
  lastModified: 5,
  fingerprint: null,
  expiresAt: null,
}
const settled = () => new Promise(resolve => setTimeout(resolve))

/** Two tabs, of which each tells what it found. */
function setUp() {
  const { storage, tab } = testMemoryParts()
  const open = () => {
    const { locks, close } = tab()
    const memory = createUploadMemory(storage, locks)
    const found: string[] = []
    const recover = (keyId = upload.keyId) => memory.recover(keyId, ({ uploadId }) => void found.push(uploadId))
    return { ...memory, recover, found, close }
  }
  return { storage, open }
}

test('names a key without its secret', () => {
  expect(keyIdOf('dk_12345678_secretsecret')).toBe('dk_12345678')
})

test('gives what a tab left behind to the next one', async () => {
  const { open } = setUp()
  const first = open()
  first.remember(upload)
  first.close()
  const next = open()
  next.recover()
  await settled()
  expect(next.found).toEqual(['u1'])
})

test('leaves what another tab is at to that tab, until it is closed', async () => {
  const { open } = setUp()
  const [first, second, third] = [open(), open(), open()]
  first.remember(upload)
  for (const tab of [second, third, second]) tab.recover()
  await settled()
  expect([second.found, third.found]).toEqual([[], []])
  first.close()
  await settled()
  expect([second.found, third.found]).toEqual([['u1'], []])
})

test('gives nothing of what came to its end, or was never of this key', async () => {
  const { open, storage } = setUp()
  const [first, second] = [open(), open()]
  first.remember(upload)
  first.remember({ ...upload, uploadId: 'u2', keyId: 'dk_other' })
  second.recover()
  first.forget('u1')
  first.close()
  await settled()
  expect(second.found).toEqual([])
  expect(storage.length).toBe(1)
})

test('forgets what the service has given up', async () => {
  const { open, storage } = setUp()
  const first = open()
  first.remember({ ...upload, expiresAt: '2020-01-01T00:00:00Z' })
  first.close()
  const next = open()
  next.recover()
  await settled()
  expect([next.found, storage.length]).toEqual([[], 0])
})

test('keeps nothing where nothing can be stored, and does not fail', () => {
  const { storage } = testMemoryParts()
  storage.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  expect(() => createUploadMemory(storage).remember(upload)).not.toThrow()
})
