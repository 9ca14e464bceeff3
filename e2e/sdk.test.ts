import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium, networkOf, PAGE_TIMEOUT_MS } from './harness/browser.ts'
import { createProject, type Project } from './harness/installation.ts'
import { enlarged, madePhoto, sha256 } from './harness/photos.ts'
import { openReactPage, paintedImage, serveReactPage } from './harness/react-page.ts'
import { type ServedPage, serveSdkPage, startUpload, uploadedAsset } from './harness/sdk-page.ts'
import { holdRequests, watchPuts } from './harness/uppy-page.ts'

/** Three parts. */
const LARGE_BYTES = 12_000_000
const LATER_PARTS = /partNumber=[23]&/
/** What is on its way now does not arrive during the test. */
const CREEPING_BYTES_PER_SEC = 50_000

describe.skipIf(!hasChromium())('the SDK in a page', () => {
  let browser: Browser
  let context: BrowserContext
  let folder: string
  let file: string
  let bytes: Buffer
  let project: Project
  let served: ServedPage
  let react: ServedPage

  beforeAll(async () => {
    browser = await launchChromium()
    served = await serveSdkPage()
    react = await serveReactPage()
    folder = await mkdtemp(join(tmpdir(), 'darkroom-sdk-page-'))
    file = join(folder, 'beach.jpg')
    bytes = enlarged(await madePhoto({ width: 300, height: 200 }), LARGE_BYTES)
    await writeFile(file, bytes)
  })
  beforeEach(async () => {
    project = await createProject()
    context = await browser.newContext()
    context.setDefaultTimeout(PAGE_TIMEOUT_MS)
  })
  afterEach(() => context?.close())
  afterAll(async () => {
    await browser?.close()
    served?.close()
    react?.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function open(): Promise<Page> {
    const page = await context.newPage()
    await page.goto(served.url)
    return page
  }

  async function expectOneReady(id: string): Promise<void> {
    const { items } = await project.client.list('?limit=200')
    expect(items.map(asset => [asset.id, asset.status])).toEqual([[id, 'ready']])
    expect((await project.client.readAsset(id)).sha256).toBe(sha256(bytes))
  }

  it('goes on after a reload in the middle, and sends no part twice that has arrived', async () => {
    const page = await open()
    const puts = watchPuts(page)
    const release = await holdRequests(page, LATER_PARTS)
    await startUpload(page, file, project.client)
    await expect.poll(() => puts.finished).toEqual(['1'])
    await page.reload()
    await release()
    await startUpload(page, file, project.client)
    await expectOneReady(await uploadedAsset(page))
    expect(puts.finished.toSorted()).toEqual(['1', '2', '3'])
  })

  it('goes on when the network is cut and restored', async () => {
    const page = await open()
    const network = await networkOf(page)
    await network.slow(CREEPING_BYTES_PER_SEC)
    await startUpload(page, file, project.client)
    await expect.poll(() => page.evaluate('progress.sentBytes')).toBeGreaterThan(0)
    await network.setOffline(true)
    await page.waitForFunction(() => !navigator.onLine)
    await network.slow(null)
    await network.setOffline(false)
    await expectOneReady(await uploadedAsset(page))
  })

  it('sends a file once that two tabs upload at the same time', async () => {
    const tabs = [await open(), await open()]
    const puts = tabs.map(watchPuts)
    await Promise.all(tabs.map(tab => startUpload(tab, file, project.client)))
    const [id = '', other] = await Promise.all(tabs.map(uploadedAsset))
    expect(other).toBe(id)
    await expectOneReady(id)
    expect(puts.flatMap(({ finished }) => finished).toSorted()).toEqual(['1', '2', '3'])
  })

  describe('in React', () => {
    let page: Page
    beforeEach(async () => {
      page = await context.newPage()
      const { url, key } = project.client
      await openReactPage(page, react.url, { url, key })
    })

    const choose = (path: string) => page.locator('input').setInputFiles(path)
    const press = (name: string) => page.getByRole('button', { name }).click()
    const expectText = (text: RegExp) => page.locator('output').filter({ hasText: text }).waitFor()
    const seen = () => page.evaluate<string[]>('window.seen')

    it('shows a photo when it is ready, and moves nothing', async () => {
      const photo = join(folder, 'photo.jpg')
      await writeFile(photo, await madePhoto({ width: 1200, height: 800 }))
      await choose(photo)
      await expectText(/^ready/)
      await expect.poll(seen).toEqual(['queued', 'presigning', 'uploading', 'confirming', 'processing', 'ready'])
      expect(await paintedImage(page)).toEqual({ width: 600, height: 400, shift: 0 })
    })

    it('shares one stream and one manifest between all who show an asset', async () => {
      const photo = await madePhoto({ width: 600, height: 400 })
      const { asset } = await project.client.upload({ name: 'photo.jpg', contentType: 'image/jpeg', bytes: photo })
      const { id } = await project.client.settled(asset.id)
      const asked: string[] = []
      page.on('request', request => asked.push(new URL(request.url()).pathname))
      await openReactPage(page, react.url, { url: project.client.url, key: project.client.key, asset: id })
      await expectText(/^ready/)
      expect(await paintedImage(page)).toEqual({ width: 600, height: 400, shift: 0 })
      const paths = asked.filter(path => path.startsWith('/v1/'))
      expect(paths).toEqual([`/v1/assets/${id}/events`, `/v1/assets/${id}/manifest`])
    })

    it('is paused, goes on, and sends no part twice that has arrived', async () => {
      const puts = watchPuts(page)
      const release = await holdRequests(page, LATER_PARTS)
      await choose(file)
      await expect.poll(() => puts.finished).toEqual(['1'])
      await press('pause')
      await expectText(/^paused/)
      await release()
      await press('resume')
      await expectText(/^ready/)
      expect(puts.finished.toSorted()).toEqual(['1', '2', '3'])
    })

    it('is cancelled, which removes what has arrived, and is tried again', async () => {
      const puts = watchPuts(page)
      const release = await holdRequests(page, LATER_PARTS)
      await choose(file)
      await expect.poll(() => puts.finished).toEqual(['1'])
      await press('cancel')
      await expectText(/^cancelled/)
      const statuses = async () => (await project.client.list('')).items.map(({ status }) => status)
      await expect.poll(statuses).not.toContain('awaiting_upload')
      await release()
      await press('retry')
      await expectText(/^ready/)
      expect(puts.finished.toSorted()).toEqual(['1', '1', '2', '3'])
    })

    it('says what can be done about a file that cannot be processed', async () => {
      const broken = join(folder, 'broken.jpg')
      await writeFile(broken, bytes.subarray(0, 500))
      await choose(broken)
      await expectText(/^failed (TRUNCATED_FILE|CORRUPT_FILE) \w.+\./)
    })
  })
})
