import { setTimeout as sleep } from 'node:timers/promises'
import { createDarkroom, type Darkroom, DarkroomError } from '@darkroom/sdk'
import { startHttpProxy } from '@darkroom/testing'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { BYTES, confirmedUpload, createKey, createUpload, finishAsset, readyAsset, unknownId } from '../harness.ts'
import { useTestApi } from '../use-test-api.ts'

const api = useTestApi()
let url: string
let darkroom: Darkroom
beforeAll(async () => {
  url = await api.app.listen({ host: '127.0.0.1', port: 0 })
  darkroom = createDarkroom({ url, key: api.key })
})

const failure = (call: Promise<unknown>): Promise<DarkroomError> =>
  call.then(
    () => expect.fail('it did not fail'),
    error => error,
  )

async function idsOf(list: AsyncIterable<{ id: string }>): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of list) ids.push(id)
  return ids
}

describe('calls of the SDK', () => {
  it('upload a file step by step', async () => {
    const { asset, upload } = await darkroom.uploads.create({
      filename: 'photo.jpg',
      contentType: 'image/jpeg',
      byteSize: BYTES.length,
    })
    if (upload.type !== 'single') throw new Error(upload.type)
    await fetch(upload.url, { method: upload.method, headers: upload.headers, body: new Uint8Array(BYTES) })
    expect(await darkroom.uploads.get(upload.id)).toMatchObject({
      receivedBytes: BYTES.length,
      state: 'awaiting_upload',
    })
    const { job } = await darkroom.uploads.confirm(upload.id)
    expect(await darkroom.jobs.get(job.id)).toMatchObject({ assetId: asset.id })
  })

  it('read, change and delete assets', async () => {
    const { asset } = await readyAsset(api, { tags: ['sdk'] })
    expect(await darkroom.assets.update(asset.id, { tags: ['sdk', 'sea'] })).toMatchObject({ tags: ['sdk', 'sea'] })
    expect((await darkroom.assets.list({ tag: 'sea', limit: 1 })).items).toMatchObject([{ id: asset.id }])
    expect((await darkroom.assets.manifest(asset.id)).assetId).toBe(asset.id)
    expect((await darkroom.assets.getMany([asset.id])).items).toMatchObject([{ id: asset.id, status: 'ready' }])
    await darkroom.assets.delete(asset.id)
    expect(await darkroom.assets.get(asset.id)).toMatchObject({ status: 'deleting' })
  })

  it('download from a byte on', async () => {
    const { asset } = await readyAsset(api)
    expect(await (await darkroom.assets.download(asset.id)).text()).toBe(BYTES.toString())
    const rest = await darkroom.assets.download(asset.id, { variant: 'thumb', from: 6 })
    expect([rest.status, await rest.text()]).toEqual([206, BYTES.subarray(6).toString()])
    const withoutKey = await fetch(await darkroom.assets.downloadUrl(asset.id, { variant: 'thumb' }))
    expect(await withoutKey.text()).toBe(BYTES.toString())
  })

  it('follow the redirect of a download to the store without the key', async () => {
    const { asset } = await readyAsset(api)
    api.b2.requests.clear()
    await (await darkroom.assets.download(asset.id)).arrayBuffer()
    const got = api.b2.requests.list({ operation: 'GetObject' })
    expect(got.map(({ headerNames }) => headerNames.includes('authorization'))).toEqual([false])
  })

  it('go through a list of several pages', async () => {
    const made = await Promise.all([1, 2, 3].map(() => createUpload(api, { tags: ['pages'] })))
    const found: string[] = []
    for await (const { id } of darkroom.assets.each({ tag: 'pages', limit: 2 })) found.push(id)
    expect(found.toSorted()).toEqual(made.map(({ asset }) => asset.id).toSorted())
  })

  it('reach what belongs to a project and what belongs to operators', async () => {
    expect(await darkroom.service.status()).toMatchObject({ uploads: 'open' })
    expect(await darkroom.usage.get()).toHaveProperty('bytes')
    expect((await darkroom.presets.list()).items.map(({ name }) => name)).toContain('default')
    expect((await darkroom.keys.list()).items.length).toBeGreaterThan(0)
    const operator = createDarkroom({ url, key: (await createKey(api.deps, { project: null })).key })
    const projects = (await operator.admin.projects.list()).items
    expect(projects).not.toEqual([])
    const lists = [operator.admin.projects.each({ limit: 1 }), operator.admin.keys.each({ limit: 1 })]
    const [everyProject, everyKey] = await Promise.all(lists.map(idsOf))
    expect(everyProject).toEqual(projects.map(({ id }) => id))
    expect(everyKey).toEqual((await operator.admin.keys.list()).items.map(({ id }) => id))
    const presets: string[] = []
    for await (const { name } of darkroom.presets.each({ limit: 2 })) presets.push(name)
    expect(presets).toEqual((await darkroom.presets.list()).items.map(({ name }) => name))
    expect((await operator.admin.queues.pause('image', { reason: 'a test' })) ?? 'nothing').toBeTruthy()
    await operator.admin.queues.resume('image')
  })

  it('fail with what the service says', async () => {
    const error = await failure(createDarkroom({ url, key: 'dk_wrong' }).usage.get())
    expect(error).toBeInstanceOf(DarkroomError)
    expect(error).toMatchObject({ code: 'UNAUTHORIZED', status: 401, retryable: false })
    expect(error.requestId).toBeTruthy()
    const invalid = await failure(darkroom.uploads.create({ filename: '', contentType: 'image/jpeg', byteSize: 1.5 }))
    expect(invalid.errors.map(({ path }) => path)).toContain('body.byteSize')
    expect(await failure(darkroom.jobs.get(unknownId()))).toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('waitUntilReady', () => {
  it('tells of each change and returns the asset that is ready', async () => {
    const confirmed = await confirmedUpload(api)
    const seen: string[] = []
    const waiting = darkroom.assets.waitUntilReady(confirmed.asset.id, { onChange: ({ status }) => seen.push(status) })
    await vi.waitUntil(() => seen.length > 0, { timeout: 60_000 })
    await finishAsset(api, confirmed)
    expect(await waiting).toMatchObject({ id: confirmed.asset.id, status: 'ready' })
    expect([seen[0], seen.at(-1)]).toEqual(['processing', 'ready'])
  })

  it('asks again and again where no events get through', async () => {
    const proxy = await startHttpProxy(url, {
      instead: ({ url: path }) => (path?.endsWith('/events') ? { status: 502 } : undefined),
    })
    onTestFinished(() => proxy.close())
    const confirmed = await confirmedUpload(api)
    const behind = createDarkroom({ url: proxy.url, maxRetries: 0 })
    const seen: string[] = []
    const waiting = behind.assets.waitUntilReady(confirmed.asset.id, {
      token: confirmed.created.clientToken,
      onChange: ({ status }) => seen.push(status),
    })
    await vi.waitUntil(() => seen.length > 0, { timeout: 60_000 })
    await finishAsset(api, confirmed)
    expect(await waiting).toMatchObject({ status: 'ready' })
  })

  it('throws when the asset is deleted', async () => {
    const { asset, upload } = await createUpload(api)
    let isFollowed = false
    const waiting = failure(darkroom.assets.waitUntilReady(asset.id, { onChange: () => (isFollowed = true) }))
    await vi.waitUntil(() => isFollowed, { timeout: 60_000 })
    await darkroom.uploads.abort(upload.id)
    expect(await waiting).toMatchObject({ code: 'ASSET_DELETED' })
  })

  it('ends by its signal', async () => {
    const { asset } = await createUpload(api)
    const controller = new AbortController()
    const waiting = failure(
      darkroom.assets.waitUntilReady(asset.id, {
        signal: controller.signal,
        onChange: () => void sleep(0).then(() => controller.abort('enough')),
      }),
    )
    expect(await waiting).toBe('enough')
  })
})
