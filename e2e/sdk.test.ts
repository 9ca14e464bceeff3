import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium, networkOf } from './harness/browser.ts'
import { createProject, type Project } from './harness/installation.ts'
import { enlarged, madePhoto, sha256 } from './harness/photos.ts'
import { serveSdkPage, startUpload, uploadedAsset } from './harness/sdk-page.ts'
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
  let served: Awaited<ReturnType<typeof serveSdkPage>>

  beforeAll(async () => {
    browser = await launchChromium()
    served = await serveSdkPage()
    folder = await mkdtemp(join(tmpdir(), 'darkroom-sdk-page-'))
    file = join(folder, 'beach.jpg')
    bytes = enlarged(await madePhoto({ width: 300, height: 200 }), LARGE_BYTES)
    await writeFile(file, bytes)
  })
  beforeEach(async () => {
    project = await createProject()
    context = await browser.newContext()
  })
  afterEach(() => context?.close())
  afterAll(async () => {
    await browser?.close()
    served?.close()
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
})
