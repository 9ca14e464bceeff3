import type { ArchiveCreated } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { BYTES, call, createKey, createUpload, problemOf, readyAsset, unknownId } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

async function archived(body: object) {
  const answer = await api.call('POST', '/v1/archives', { body })
  if (answer.statusCode !== 201) throw new Error(answer.body)
  const archive = answer.json<ArchiveCreated>()
  const path = new URL(archive.url).pathname
  return { archive, path, open: (method: 'GET' | 'HEAD' = 'GET') => call(api.app, method, path) }
}

const filesOf = (zip: Buffer) =>
  Object.entries(unzipSync(zip)).map(([name, content]) => [name, Buffer.compare(Buffer.from(content), BYTES) === 0])

const ready = async (overrides: object = {}) => (await readyAsset(api, overrides)).asset.id

describe('an archive', () => {
  it('is one ZIP file of the originals in their folders, in the order of the ids', async () => {
    const ids = [await ready({ folder: '2026/summer' }), await ready(), await ready()]
    const { archive, open } = await archived({ ids: [...ids, ids[0], unknownId()], name: 'our summer' })
    expect(archive).toMatchObject({ files: 3, byteSize: 3 * BYTES.length, missing: [expect.any(String)] })
    expect(archive.url).toMatch(/^https:\/\/api\.example\.com\/z\/[\w-]{43}$/)
    expect(Math.round((Date.parse(archive.expiresAt) - Date.now()) / 60_000)).toBe(15)
    const { headers, rawPayload, statusCode } = await open()
    expect([statusCode, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'application/zip',
      'private, no-store',
    ])
    expect(headers['content-disposition']).toBe('attachment; filename="our summer.zip"')
    expect(Number(headers['content-length'])).toBe(rawPayload.length)
    expect(filesOf(rawPayload)).toEqual([
      ['2026/summer/photo.jpg', true],
      ['photo.jpg', true],
      ['photo (2).jpg', true],
    ])
  })

  it('can hold a variant of each', async () => {
    const [id, without] = [await ready(), (await createUpload(api)).asset.id]
    const { archive, open } = await archived({ ids: [id, without], variant: 'thumb' })
    expect(archive).toMatchObject({ files: 1, missing: [without] })
    expect(filesOf((await open()).rawPayload).map(([name]) => name)).toEqual(['photo.webp'])
  })

  it('tells its size without being made', async () => {
    const { open } = await archived({ ids: [await ready()] })
    const head = await open('HEAD')
    expect([head.statusCode, head.rawPayload.length]).toEqual([200, 0])
    expect(Number(head.headers['content-length'])).toBeGreaterThan(BYTES.length)
  })

  it('can be downloaded again until its time is over', async () => {
    const { open, path } = await archived({ ids: [await ready()] })
    expect([(await open()).statusCode, (await open()).statusCode]).toEqual([200, 200])
    await api.deps.database.db.execute(sql`UPDATE archives SET expires_at = now()`)
    expect(problemOf(await open())).toBe('410 ARCHIVE_ENDED')
    expect(problemOf(await call(api.app, 'GET', `${path}x`))).toBe('404 NOT_FOUND')
  })

  it('leaves out what was deleted meanwhile', async () => {
    const ids = [await ready(), await ready()]
    const { open } = await archived({ ids })
    await api.call('DELETE', `/v1/assets/${ids[0]}`)
    expect(filesOf((await open()).rawPayload)).toEqual([['photo.jpg', true]])
  })

  it('holds nothing of another project', async () => {
    const id = await ready()
    const { key } = await createKey(api.deps, { project: 'other archives' })
    const answer = await call(api.app, 'POST', '/v1/archives', { key, body: { ids: [id] } })
    expect(answer.json()).toMatchObject({ files: 0, missing: [id] })
  })

  it('has a largest size', async () => {
    const app = await api.variant({ settings: { archiveMaxBytes: BYTES.length } })
    const body = { ids: [await ready(), await ready()] }
    const answer = await call(app, 'POST', '/v1/archives', { key: api.key, body })
    expect(problemOf(answer)).toBe('413 ARCHIVE_TOO_LARGE')
    expect(answer.json().detail).toContain(`${2 * BYTES.length} bytes`)
  })

  it.each([
    ['no ids', { ids: [] }],
    ['too many ids', { ids: Array.from({ length: 1001 }, unknownId) }],
    ['another field', { ids: [unknownId()], format: 'tar' }],
  ])('with %s is refused', async (_, body) => {
    expect(problemOf(await api.call('POST', '/v1/archives', { body }))).toBe('400 INVALID_REQUEST')
  })

  it('is broken off, and not ended, when the store loses a file', async () => {
    const { open } = await archived({ ids: [await ready()] })
    await api.deps.database.db.execute(sql`UPDATE objects SET version_id = 'gone' WHERE state = 'live'`)
    await expect(open()).rejects.toThrow()
  })
})
