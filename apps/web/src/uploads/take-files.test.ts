import { expect, test } from 'vitest'
import { testItem } from '../testing/test-item.ts'
import { fingerprintOf } from './file-identity.ts'
import { createTakeFiles } from './take-files.ts'
import { createUploadStore } from './upload-store.ts'

async function setUp() {
  const file = new File(['0123456789'], 'cat.jpg', { lastModified: 5 })
  const remembered = {
    uploadId: 'u1',
    assetId: 'a1',
    keyId: 'dk_a',
    contentType: 'image/jpeg',
    expiresAt: null,
    name: 'cat.jpg',
    byteSize: 10,
    lastModified: 5,
    fingerprint: await fingerprintOf(file),
  }
  const calls: string[] = []
  const uploads = createUploadStore()
  uploads.add([testItem({ id: 'old', phase: 'interrupted', file: null, uploadId: 'u1', assetId: 'a1', remembered })])
  const take = createTakeFiles({
    uploads,
    engine: {
      add: items => void calls.push(`add ${items.map(({ id }) => id)}`),
      continueWith: id => void calls.push(`continue ${id}`),
    },
  })
  return { take, calls, file }
}

test('goes on with the upload of a file that comes again', async () => {
  const { take, calls, file } = await setUp()
  take([testItem({ id: 'again', file }), testItem({ id: 'new', name: 'dog.jpg' })])
  await expect.poll(() => calls).toEqual(['add new', 'continue old'])
})

test.each([
  ['of other content', testItem({ id: 'other', file: new File(['9876543210'], 'cat.jpg', { lastModified: 5 }) })],
  ['that was refused', testItem({ id: 'other', phase: 'failed' })],
  ['of another length', testItem({ id: 'other', byteSize: 11 })],
])('begins a new upload for a file %s', async (_, item) => {
  const { take, calls } = await setUp()
  take([item])
  await expect.poll(() => calls).toEqual(['add other'])
})
