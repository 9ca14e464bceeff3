import type { UploadState } from '@darkroom/contracts'
import { expect, test } from 'vitest'
import { ApiError } from '../api/api-error.ts'
import { createGate } from '../api/gate.ts'
import { createKeyStore } from '../api/key-store.ts'
import { createAssetStore } from '../assets/asset-store.ts'
import { testAsset } from '../testing/test-asset.ts'
import { recoverUploads } from './recover-uploads.ts'
import type { UploadItem } from './upload-item.ts'
import type { RememberedUpload } from './upload-memory.ts'

const upload: RememberedUpload = {
  uploadId: 'u1',
  assetId: 'a1',
  keyId: 'dk_12345678',
  contentType: 'video/mp4',
  expiresAt: null,
  name: 'a.mp4',
  byteSize: 10,
  lastModified: 5,
  fingerprint: 'f',
}
const state: UploadState = {
  id: 'u1',
  assetId: 'a1',
  type: 'multipart',
  state: 'awaiting_upload',
  byteSize: 10,
  receivedBytes: 4,
  partSize: 4,
  partCount: 3,
  parts: [{ partNumber: 1, byteSize: 4, etag: 'e' }],
  expiresAt: '2030-01-01T00:00:00Z',
}

/** What comes back, and what is told to the memory, when the service answers so. */
async function recovered(answer: UploadState | ApiError, key = 'dk_12345678_secret', asset = testAsset()) {
  const keys = createKeyStore({ getItem: () => key, setItem: () => undefined, removeItem: () => undefined })
  const items: UploadItem[] = []
  const told: string[] = []
  recoverUploads({
    keys,
    gate: createGate(),
    assets: createAssetStore(),
    newId: () => 'n1',
    api: {
      readUpload: async () => {
        if (answer instanceof ApiError) throw answer
        return answer
      },
      readAssets: async () => [asset],
    },
    outageRetry: { withRetry: request => request() },
    memory: {
      recover: (_, onFound) => onFound(upload),
      forget: id => void told.push(`forget ${id}`),
      release: id => void told.push(`release ${id}`),
    },
    engine: { add: added => void items.push(...added) },
  })
  await new Promise(resolve => setTimeout(resolve))
  return { items, told }
}
const problem = (status: number) => new ApiError({ code: 'X', detail: '', status, retryAfterMs: null })

test('what lacks bytes waits for its file', async () => {
  const { items, told } = await recovered(state)
  expect(items).toMatchObject([
    {
      phase: 'interrupted',
      name: 'a.mp4',
      byteSize: 10,
      sentBytes: 4,
      file: null,
      uploadId: 'u1',
      assetId: 'a1',
      remembered: upload,
      expiresAt: state.expiresAt,
    },
  ])
  expect(told).toEqual([])
})

test('what lacks nothing is confirmed', async () => {
  const { items } = await recovered({ ...state, receivedBytes: 10, parts: null })
  expect(items).toMatchObject([{ phase: 'confirming', file: null }])
})

test('what was confirmed is followed while it is worked on, and forgotten', async () => {
  const confirmed = { ...state, state: 'confirmed' } as const
  const busy = await recovered(confirmed, undefined, testAsset({ status: 'processing' }))
  expect(busy).toMatchObject({ items: [{ phase: 'following', assetId: 'a1' }], told: ['forget u1'] })
  expect(await recovered(confirmed)).toEqual({ items: [], told: ['forget u1'] })
})

test.each([
  ['was given up', { ...state, state: 'expired' } as const, ['forget u1']],
  ['is not there', problem(404), ['forget u1']],
  ['was deleted', problem(410), ['forget u1']],
  ['cannot be asked for', problem(403), ['release u1']],
])('what %s does not come back', async (_, answer, told) => {
  expect(await recovered(answer)).toEqual({ items: [], told })
})

test('what is of another key by now is left to that key', async () => {
  expect(await recovered(state, 'dk_87654321_secret')).toEqual({ items: [], told: ['release u1'] })
})
