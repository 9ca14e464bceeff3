import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, createClient, type FileToUpload } from './harness/client.ts'
import type { Asset } from './harness/contract.ts'
import { createHome, type Darkroom, type Home, startDarkroom } from './harness/darkroom.ts'
import {
  expectDeletionCompletes,
  expectOriginalDownloads,
  expectVariantsAreServed,
  uploadUntilReady,
} from './harness/main-path.ts'
import { phonePhoto } from './harness/photos.ts'
import { embeddedStore, storedVersions } from './harness/store-client.ts'

/** Promised are 10 s on a machine of one's own; this one may be busy. */
const START_LIMIT_MS = 60_000

describe('the main path with nothing configured', () => {
  let home: Home
  let darkroom: Darkroom
  let client: Client
  let photo: FileToUpload
  let asset: Asset

  beforeAll(async () => {
    home = await createHome({ isFresh: true })
    darkroom = await startDarkroom(home, { via: 'npm' })
    client = createClient(darkroom)
    photo = await phonePhoto()
  })

  afterAll(async () => {
    await darkroom?.stop()
    await home?.remove()
  })

  it('is ready within seconds of "npm start"', () => {
    console.log(`npm start took ${darkroom.startedInMs} ms, the first of its data folder`)
    expect(darkroom.startedInMs).toBeLessThan(START_LIMIT_MS)
    expect(darkroom.url).toBe(`http://127.0.0.1:${home.port}`)
  })

  it('says that every part of it works', async () => {
    const { status, body } = await client.request('GET', '/readyz')
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { checks: { database: { state: 'ok' }, queue: { state: 'ok' }, store: { state: 'ok' } } },
    })
  })

  it('takes a photo from upload to ready', async () => {
    const began = performance.now()
    asset = await uploadUntilReady(client, photo)
    console.log(`from the first request to ready: ${Math.round(performance.now() - began)} ms`)
    expect(asset).toMatchObject({ job: { status: 'succeeded', progress: 1 } })
    expect(asset.placeholder?.thumbhash).toBeTruthy()
  })

  it('serves every variant as the asset describes it, cacheable for ever', async () => {
    await expectVariantsAreServed(client, asset)
  })

  it('hands the original out as a download with the same bytes', async () => {
    await expectOriginalDownloads(client, asset, photo)
  })

  it('lists the asset', async () => {
    const { items } = await client.list('?status=ready&kind=image&limit=10')
    expect(items.map(({ id }) => id)).toEqual([asset.id])
  })

  it('answers a second read with 304', async () => {
    const path = `/v1/assets/${asset.id}`
    const etag = (await client.request('GET', path)).headers.get('etag') ?? ''
    const again = await client.request('GET', path, { headers: { 'if-none-match': etag } })
    expect({ etag, status: again.status }).toEqual({ etag: `W/"${asset.revision}"`, status: 304 })
  })

  it('deletes the asset, and with it every byte', async () => {
    await expectDeletionCompletes(client, asset)
    const store = embeddedStore(home.storePort)
    expect(await storedVersions(store, 'darkroom-public')).toEqual([])
    expect(await storedVersions(store, 'darkroom', 'originals/')).toEqual([])
  })
})
