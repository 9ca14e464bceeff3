import type { Asset, UploadState } from '@darkroom/contracts'
import { DarkroomError, type InterruptedUpload, type Remembered } from '@darkroom/sdk'
import { expect, test } from 'vitest'
import type { Clients } from '../api/clients.ts'
import { createKeyStore } from '../api/key-store.ts'
import { createAssetStore } from '../assets/asset-store.ts'
import { testAsset } from '../testing/test-asset.ts'
import { recoverUploads } from './recover-uploads.ts'
import type { UploadItem } from './upload-item.ts'

const upload: InterruptedUpload = {
  fingerprint: 'f',
  uploadId: 'u1',
  assetId: 'a1',
  token: null,
  name: 'a.mp4',
  contentType: 'video/mp4',
  byteSize: 10,
  lastModified: 5,
  scope: ' dk_12345678',
}
const record: Remembered = { uploadId: 'u1', assetId: 'a1', token: null, expiresAt: 2e12, finishedAt: null }
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

interface Setting {
  asset?: Asset
  remembered?: Remembered | null
  keyAfter?: string
}

/** What comes back, and what is told to memory and other tabs, when the service answers so. */
async function recovered(
  answer: UploadState | DarkroomError,
  { asset = testAsset(), remembered = record, keyAfter }: Setting = {},
) {
  const keys = createKeyStore({ getItem: () => 'dk_12345678_s', setItem: () => undefined, removeItem: () => undefined })
  const items: UploadItem[] = []
  const told: string[] = []
  const quick = {
    interrupted: async () => [upload],
    assets: { getMany: async () => ({ items: [asset], notFound: [] }) },
    uploads: {
      async get() {
        if (keyAfter) keys.enter(keyAfter)
        if (answer instanceof DarkroomError) throw answer
        return answer
      },
    },
  }
  let isTaken = false
  recoverUploads({
    clients: () => ({ quick, patient: quick }) as unknown as Clients,
    keys,
    sitOut: call => call(),
    memory: { read: async () => remembered, forget: async fingerprint => void told.push(`forget ${fingerprint}`) },
    presence: {
      take(_, onTaken) {
        if (!isTaken) onTaken()
        isTaken = true
      },
      release: fingerprint => void told.push(`release ${fingerprint}`),
    },
    assets: createAssetStore(),
    newId: () => 'n1',
    engine: { add: added => void items.push(...added) },
  })
  await new Promise(resolve => setTimeout(resolve))
  return { items, told }
}
const problem = (status: number) => new DarkroomError({ code: 'INTERNAL', message: '', status })

test('what lacks bytes waits for its file, and is held for it', async () => {
  const { items, told } = await recovered(state)
  expect(items).toMatchObject([
    { phase: 'interrupted', name: 'a.mp4', byteSize: 10, sentBytes: 4, file: null, uploadId: 'u1', fingerprint: 'f' },
  ])
  expect(told).toEqual([])
})

test('what lacks nothing is confirmed', async () => {
  const { items } = await recovered({ ...state, receivedBytes: 10, parts: null })
  expect(items).toMatchObject([{ phase: 'confirming', file: null }])
})

test('what was confirmed is followed while it is worked on, and forgotten', async () => {
  const confirmed = { ...state, state: 'confirmed' } as const
  const busy = await recovered(confirmed, { asset: testAsset({ status: 'processing' }) })
  expect(busy).toMatchObject({ items: [{ phase: 'following', assetId: 'a1' }], told: ['forget f', 'release f'] })
  expect(await recovered(confirmed)).toEqual({ items: [], told: ['forget f', 'release f'] })
})

test.each([
  ['was given up', { ...state, state: 'expired' } as const, ['forget f', 'release f']],
  ['is not there', problem(404), ['forget f', 'release f']],
  ['was deleted', problem(410), ['forget f', 'release f']],
  ['cannot be asked for', problem(403), ['release f']],
])('what %s does not come back', async (_, answer, told) => {
  expect(await recovered(answer)).toEqual({ items: [], told })
})

test('what another tab has finished meanwhile does not come back', async () => {
  expect(await recovered(state, { remembered: null })).toEqual({ items: [], told: ['release f'] })
  expect(await recovered(state, { remembered: { ...record, finishedAt: 1 } })).toMatchObject({ items: [] })
})

test('what is of another key by now is left to that key', async () => {
  expect(await recovered(state, { keyAfter: 'dk_87654321_s' })).toEqual({ items: [], told: ['release f'] })
})
