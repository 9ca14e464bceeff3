import { expect, test } from 'vitest'
import { testItem } from '../testing/test-item.ts'
import { createTakeFiles } from './take-files.ts'
import { createUploadStore } from './upload-store.ts'

/** With one interrupted upload, whose file has this content. */
function setUp() {
  const calls: string[] = []
  const uploads = createUploadStore()
  uploads.add([testItem({ id: 'old', phase: 'interrupted', file: null, uploadId: 'u1', assetId: 'a1' })])
  const take = createTakeFiles({
    uploads,
    engine: {
      add: items => void calls.push(`add ${items.map(({ id }) => id)}`),
      async continueWith(id, file) {
        const isSame = (await file.text()) === '0123456789'
        calls.push(`${isSame ? 'continue' : 'refuse'} ${id}`)
        return isSame
      },
    },
  })
  return { take, calls }
}

test('goes on with the upload of a file that comes again', async () => {
  const { take, calls } = setUp()
  take([testItem({ id: 'again' }), testItem({ id: 'new', name: 'dog.jpg' })])
  await expect.poll(() => calls).toEqual(['add new', 'continue old'])
})

test.each([
  [
    'of other content',
    testItem({ id: 'other', file: new File(['9876543210'], 'cat.jpg') }),
    ['refuse old', 'add other'],
  ],
  ['that was refused', testItem({ id: 'other', phase: 'failed' }), ['add other']],
  ['of another length', testItem({ id: 'other', byteSize: 11 }), ['add other']],
])('begins a new upload for a file %s', async (_, item, expected) => {
  const { take, calls } = setUp()
  take([item])
  await expect.poll(() => calls).toEqual(expected)
})
