import { randomUUID } from 'node:crypto'
import type { Asset, Job } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { createKey, createUpload, problemOf, readyAsset } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

const execute = (query: ReturnType<typeof sql>) => api.deps.database.db.execute(query)
const reprocess = (id: string, body?: unknown, headers = {}) =>
  api.call('POST', `/v1/assets/${id}/reprocess`, { headers, ...(body !== undefined && { body }) })
const definition = (width: number) => ({ image: { variants: [{ name: 'small', width, format: 'webp' }] } })
const createPreset = (name: string, { width = 64, key = api.key } = {}) =>
  api.call('POST', '/v1/presets', { key, body: { name, definition: definition(width) } })

/** What the worker goes by. */
async function orderOf(answer: { json<T>(): T }) {
  const { job } = answer.json<{ job: Job }>()
  const [row] = await execute(
    sql`SELECT preset_id, to_jsonb(only_variants) AS only_variants FROM jobs WHERE id = ${job.id}`,
  )
  return row
}

describe('reprocess', () => {
  it('asked for ten times at once makes one job', async () => {
    const { asset } = await readyAsset(api)
    const answers = await Promise.all(Array.from({ length: 10 }, () => reprocess(asset.id)))
    expect(answers.filter(answer => answer.statusCode === 202)).toHaveLength(1)
    const refused = answers.filter(answer => answer.statusCode !== 202)
    expect(new Set(refused.map(problemOf))).toEqual(new Set(['409 ASSET_NOT_SETTLED']))
  })

  it('and a deletion at once end with the deletion, and never with a 500', async () => {
    for (let round = 0; round < 5; round++) {
      const { asset } = await readyAsset(api)
      const [reprocessed, deleted] = await Promise.all([
        reprocess(asset.id),
        api.call('DELETE', `/v1/assets/${asset.id}`, { key: api.key }),
      ])
      expect(deleted.statusCode).toBe(202)
      expect([202, 410]).toContain(reprocessed.statusCode)
    }
  })

  it('makes all by the preset that the asset has, without a body', async () => {
    for (const body of [undefined, {}]) {
      const { asset } = await readyAsset(api)
      const answer = await reprocess(asset.id, body)
      expect(answer.statusCode).toBe(202)
      expect(await orderOf(answer)).toEqual({ preset_id: null, only_variants: null })
    }
  })

  it('moves the asset to another preset, in the version that is the newest or named', async () => {
    for (const width of [32, 64]) await createPreset('moved-to', { width })
    const versions = await execute(sql`SELECT id FROM presets WHERE name = 'moved-to' ORDER BY version`)
    for (const [preset, version] of [
      ['moved-to', 1],
      ['moved-to@1', 0],
    ] as const) {
      const { asset } = await readyAsset(api)
      expect(await orderOf(await reprocess(asset.id, { preset }))).toEqual({
        preset_id: versions[version]?.id,
        only_variants: null,
      })
    }
  })

  it('makes some variants again, each once', async () => {
    const { asset } = await readyAsset(api)
    expect(await orderOf(await reprocess(asset.id, { only: ['thumb', 'thumb'] }))).toEqual({
      preset_id: null,
      only_variants: ['thumb'],
    })
  })

  it('under one Idempotency-Key is one job, and another body is another request', async () => {
    const { asset } = await readyAsset(api)
    const headers = { 'idempotency-key': randomUUID() }
    const first = await reprocess(asset.id, { only: ['thumb'] }, headers)
    expect((await reprocess(asset.id, { only: ['thumb'] }, headers)).json()).toEqual(first.json())
    expect(problemOf(await reprocess(asset.id, {}, headers))).toBe('422 IDEMPOTENCY_MISMATCH')
  })
})

describe('a reprocess is refused', () => {
  it.each([
    ['by a preset that is not there', { preset: 'nowhere' }],
    ['by a version that is not there', { preset: 'default@99' }],
    ['by what is no name of a preset', { preset: 'No such name!' }],
    ['by a preset of another project', { preset: 'theirs' }],
    ['of a variant that the asset does not have', { only: ['thumb', 'nothing'] }],
    ['of no variants', { only: [] }],
    ['of some variants by another preset', { preset: 'default', only: ['thumb'] }],
    ['with a field that is misspelt', { onyl: ['thumb'] }],
  ])('%s', async (_title, body) => {
    await createPreset('theirs', { key: (await createKey(api.deps, { project: 'stranger' })).key })
    const { asset } = await readyAsset(api)
    expect(problemOf(await reprocess(asset.id, body))).toBe('400 INVALID_REQUEST')
    expect((await api.call('GET', `/v1/assets/${asset.id}`)).json<Asset>().revision).toBe(asset.revision)
  })

  it('of some variants while none stands', async () => {
    const { asset } = await readyAsset(api)
    await execute(sql`UPDATE assets SET status = 'failed' WHERE id = ${asset.id}`)
    expect(problemOf(await reprocess(asset.id, { only: ['thumb'] }))).toBe('409 ASSET_NOT_READY')
    expect((await reprocess(asset.id)).statusCode).toBe(202)
  })

  it('for good where nothing was uploaded in time', async () => {
    const { asset } = await createUpload(api)
    expect(problemOf(await reprocess(asset.id))).toBe('409 ASSET_NOT_SETTLED')
    await execute(sql`UPDATE assets SET status = 'expired' WHERE id = ${asset.id}`)
    expect(problemOf(await reprocess(asset.id))).toBe('410 SOURCE_GONE')
  })

  it('for good from the moment the asset is deleted', async () => {
    const { asset } = await readyAsset(api)
    await api.call('DELETE', `/v1/assets/${asset.id}`)
    expect((await api.call('GET', `/v1/assets/${asset.id}`)).json<Asset>().status).toBe('deleting')
    expect(problemOf(await reprocess(asset.id))).toBe('410 ASSET_DELETED')
  })

  it('to another project, as if there were no such asset', async () => {
    const { asset } = await readyAsset(api)
    const { key } = await createKey(api.deps, { project: 'stranger' })
    const answer = await api.call('POST', `/v1/assets/${asset.id}/reprocess`, { key, body: { only: ['thumb'] } })
    expect(problemOf(answer)).toBe('404 NOT_FOUND')
  })
})
