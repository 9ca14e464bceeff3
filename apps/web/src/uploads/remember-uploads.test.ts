import { expect, test } from 'vitest'
import { createKeyStore } from '../api/key-store.ts'
import { testItem } from '../testing/test-item.ts'
import { rememberUploads } from './remember-uploads.ts'
import type { UploadEvent } from './upload-item.ts'
import type { RememberedUpload } from './upload-memory.ts'
import { createUploadStore } from './upload-store.ts'

function setUp() {
  const keys = createKeyStore({
    getItem: () => 'dk_12345678_secret',
    setItem: () => undefined,
    removeItem: () => undefined,
  })
  const uploads = createUploadStore()
  const kept = new Map<string, RememberedUpload>()
  rememberUploads({
    uploads,
    keys,
    memory: { remember: upload => void kept.set(upload.uploadId, upload), forget: id => void kept.delete(id) },
  })
  uploads.add([testItem()])
  const apply = (...events: UploadEvent[]) => {
    for (const event of events) uploads.apply('i1', event)
    return [...kept.keys()]
  }
  return { uploads, kept, apply }
}
const signed: UploadEvent = { type: 'signed', uploadId: 'u1', assetId: 'a1', expiresAt: '2030-01-01T00:00:00Z' }
const failed = (code: string): UploadEvent => ({
  type: 'failed',
  failure: { code, detail: '', step: 'confirm', retryable: null },
})

test('keeps what tells the file, under the public part of the key, and no secret', async () => {
  const { kept, apply } = setUp()
  expect(apply(signed)).toEqual(['u1'])
  await expect.poll(() => kept.get('u1')?.fingerprint).toMatch(/^[0-9a-f]{16}$/)
  expect(kept.get('u1')).toMatchObject({
    assetId: 'a1',
    keyId: 'dk_12345678',
    contentType: 'image/jpeg',
    expiresAt: '2030-01-01T00:00:00Z',
    name: 'cat.jpg',
    byteSize: 10,
  })
  expect(JSON.stringify(kept.get('u1'))).not.toContain('secret')
})

test.each<[string, UploadEvent[], string[]]>([
  ['is sent', [signed, { type: 'sent' }], ['u1']],
  ['is confirmed', [signed, { type: 'sent' }, { type: 'confirmed' }], []],
  ['failed and can be sent again', [signed, failed('NETWORK')], ['u1']],
  ['was given up', [signed, failed('UPLOAD_EXPIRED')], []],
  ['is begun anew', [signed, failed('UPLOAD_EXPIRED'), { type: 'restarted', idempotencyKey: 'k' }], []],
])('of a file that %s keeps what is to be kept', (_, events, ids) => {
  expect(setUp().apply(...events)).toEqual(ids)
})

test('keeps nothing of a file that is taken back', () => {
  const { uploads, kept, apply } = setUp()
  apply(signed)
  uploads.remove(['i1'])
  expect(kept.size).toBe(0)
})
