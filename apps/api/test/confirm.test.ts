import { randomBytes } from 'node:crypto'
import type { Asset, UploadConfirmed } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import {
  BYTES,
  call,
  confirmedUpload,
  countVersions,
  createUpload,
  deliveredUpload,
  locationOf,
  newUpload,
  problemOf,
  putBytes,
  type SingleUploadCreated,
} from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

const confirm = (id: string) => api.call('POST', `/v1/uploads/${id}/confirm`)
const statusOf = async ({ asset }: { asset: Asset }) =>
  (await api.call('GET', `/v1/assets/${asset.id}`)).json<Asset>().status
const jobsOf = async ({ asset }: { asset: Asset }) => {
  const [row] = await api.deps.database.db.execute(
    sql`SELECT count(*)::int AS jobs FROM jobs WHERE asset_id = ${asset.id}`,
  )
  return row?.jobs
}

it('turns bytes that arrived into a job and pins their version', async () => {
  const created = await deliveredUpload(api)
  const answer = await confirm(created.upload.id)
  expect(answer.statusCode).toBe(202)
  const { asset, job } = answer.json<UploadConfirmed>()
  expect(answer.headers.location).toBe(`/v1/jobs/${job.id}`)
  expect(asset).toMatchObject({ id: created.asset.id, status: 'processing', job: { id: job.id }, expiresAt: null })
  expect(asset.revision).toBeGreaterThan(created.asset.revision)
  expect(job).toMatchObject({
    assetId: asset.id,
    name: 'asset.process',
    status: 'queued',
    lane: 'interactive',
    attempt: 0,
  })
  const location = locationOf(created)
  const head = await api.deps.store.head(location)
  const [row] = await api.deps.database.db.execute(
    sql`SELECT version_id, etag, bytes::int, state FROM objects WHERE key = ${location.key}`,
  )
  expect(row).toEqual({ version_id: head?.versionId, etag: head?.etag, bytes: BYTES.length, state: 'live' })
})

it('gives one job and one answer to fifty at once', async () => {
  const created = await deliveredUpload(api)
  const answers = await Promise.all(Array.from({ length: 50 }, () => confirm(created.upload.id)))
  expect(new Set(answers.map(answer => answer.statusCode))).toEqual(new Set([202]))
  expect(new Set(answers.map(answer => answer.body)).size).toBe(1)
  expect(await jobsOf(created)).toBe(1)
})

it('gives the same job when it is asked again later', async () => {
  const { created, job } = await confirmedUpload(api)
  const again = await confirm(created.upload.id)
  expect([again.statusCode, again.json<UploadConfirmed>().job.id]).toEqual([202, job.id])
})

it.each([
  ['an empty object', {}],
  ['null', 'null'],
  ['a list of parts', { parts: [{ partNumber: 1, etag: 'x' }] }],
])('takes %s as its body', async (_title, body) => {
  const { upload } = await deliveredUpload(api)
  expect((await api.call('POST', `/v1/uploads/${upload.id}/confirm`, { body })).statusCode).toBe(202)
})

it('is refused before the bytes are there, and works once they are', async () => {
  const created = await createUpload(api)
  expect(problemOf(await confirm(created.upload.id))).toBe('409 UPLOAD_INCOMPLETE')
  expect(await jobsOf(created)).toBe(0)
  await putBytes(created)
  expect((await confirm(created.upload.id)).statusCode).toBe(202)
})

it('removes bytes of another size and takes the right ones after that', async () => {
  const created = await createUpload(api)
  const location = locationOf(created)
  // As from a store that does not hold a client to the length that was signed.
  const wrong = randomBytes(BYTES.length + 1)
  await api.deps.store.put({ ...location, body: wrong, byteSize: wrong.length, contentType: 'image/jpeg' })
  expect(problemOf(await confirm(created.upload.id))).toBe('422 SIZE_MISMATCH')
  expect(await countVersions(api, location)).toBe(0)
  expect([await statusOf(created), await jobsOf(created)]).toEqual(['awaiting_upload', 0])
  expect((await putBytes(created)).status).toBe(200)
  expect((await confirm(created.upload.id)).statusCode).toBe(202)
})

it('is refused after the upload expired, and nothing comes of the bytes', async () => {
  const app = await api.variant({ settings: { uploadExpiresMs: 60_000 } })
  const answer = await call(app, 'POST', '/v1/uploads', { key: api.key, body: newUpload() })
  const created = answer.json<SingleUploadCreated>()
  expect((await putBytes(created)).status).toBe(200)
  // The URL ends with the upload, long before the quarter of an hour that others have.
  expect(Number(new URL(created.upload.url).searchParams.get('X-Amz-Expires'))).toBeLessThanOrEqual(60)
  const { state } = (await api.call('GET', `/v1/uploads/${created.upload.id}`)).json()
  expect(state).toBe('awaiting_upload')
  await api.deps.database.db.execute(sql`UPDATE uploads SET expires_at = now() WHERE id = ${created.upload.id}`)
  expect(problemOf(await confirm(created.upload.id))).toBe('410 UPLOAD_EXPIRED')
  expect(await jobsOf(created)).toBe(0)
})

it('is refused after the asset was deleted', async () => {
  const created = await deliveredUpload(api)
  await api.call('DELETE', `/v1/assets/${created.asset.id}`)
  expect(problemOf(await confirm(created.upload.id))).toBe('410 ASSET_DELETED')
})

it('and a deletion at the same moment leave a deleted asset without a job to process it', async () => {
  for (let round = 0; round < 10; round++) {
    const created = await deliveredUpload(api)
    const [confirmed, deleted] = await Promise.all([
      confirm(created.upload.id),
      api.call('DELETE', `/v1/assets/${created.asset.id}`),
    ])
    expect([202, 410]).toContain(confirmed.statusCode)
    expect(deleted.statusCode).toBe(202)
    const active = await api.deps.database.db.execute(
      sql`SELECT name FROM jobs WHERE asset_id = ${created.asset.id} AND status IN ('queued', 'running')`,
    )
    expect([...active]).toEqual([{ name: 'asset.delete' }])
    expect(await statusOf(created)).toBe('deleting')
  }
})

it('keeps the pin of the bytes that it saw when others are put after it', async () => {
  const { created } = await confirmedUpload(api)
  const location = locationOf(created)
  const pinned = async () => {
    const [row] = await api.deps.database.db.execute(sql`SELECT version_id FROM objects WHERE key = ${location.key}`)
    return row?.version_id
  }
  const before = await pinned()
  expect((await putBytes(created, randomBytes(BYTES.length))).status).toBe(200)
  expect((await api.deps.store.head(location))?.versionId).not.toBe(before)
  await confirm(created.upload.id)
  expect(await pinned()).toBe(before)
})
