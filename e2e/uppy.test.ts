import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, LOOKS, launchChromium, networkOf, openPage } from './harness/browser.ts'
import type { Service } from './harness/darkroom.ts'
import { followGuide, runGuide } from './harness/guide.ts'
import { createProject, type Project } from './harness/installation.ts'
import { enlarged, madePhoto } from './harness/photos.ts'
import { freePort } from './harness/ports.ts'
import { openMultiparts, storedVersions } from './harness/store-client.ts'
import {
  bundleGuide,
  bundleReadmeExample,
  dashboardOf,
  holdRequests,
  keptByGoldenRetriever,
  type UppyVersion,
  watchPuts,
} from './harness/uppy-page.ts'

const BUCKET = 'darkroom'
/** Three parts of 5 MiB, the last one smaller. */
const LARGE_BYTES = 12_000_000
/** One PUT that takes a while. */
const MEDIUM_BYTES = 6_000_000
/** What is on its way now does not arrive during the test. */
const CREEPING_BYTES_PER_SEC = 50_000

const LATER_PARTS = /partNumber=[23]&/
const OWN_DARKROOM = 'https://media.example.com'
const ONE_PUT = /X-Amz-Signature=/

describe.skipIf(!hasChromium())('the Dashboard of Uppy', () => {
  let browser: Browser
  let folder: string
  let small: Buffer
  let medium: Buffer
  let large: Buffer
  beforeAll(async () => {
    browser = await launchChromium()
    folder = await mkdtemp(join(tmpdir(), 'darkroom-uppy-'))
    const photo = await madePhoto({ width: 300, height: 200 })
    small = Buffer.from(photo)
    medium = enlarged(photo, MEDIUM_BYTES)
    large = enlarged(photo, LARGE_BYTES)
  })
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })

  describe.each<[UppyVersion]>([[5], [6]])('%s', version => {
    let project: Project
    let server: Service
    let url: string
    let context: BrowserContext | undefined

    beforeAll(async () => {
      project = await createProject()
      const guide = await followGuide('upload-with-uppy', await mkdtemp(join(folder, 'guide-')))
      await bundleGuide(guide.folder, version)
      const port = await freePort()
      const { client } = project
      const env = { DARKROOM_URL: client.url, DARKROOM_KEY: client.key, PORT: String(port) }
      server = runGuide(guide.folder, 'server.mjs', env)
      await server.line(new RegExp(`${port}$`, 'm'))
      url = `http://localhost:${port}/`
    })
    afterEach(() => context?.close())
    afterAll(() => server?.killAll())

    async function open() {
      const opened = await openPage(browser, url, LOOKS[0])
      context = opened.context
      const { page } = opened
      return { ...opened, dashboard: dashboardOf(page), puts: watchPuts(page), network: await networkOf(page) }
    }

    const namedSo = async (name: string) =>
      (await project.client.list('?limit=200')).items.filter(({ filename }) => filename === name)

    const start = async (page: Page, name: string, buffer: Buffer) => {
      const { chooseFile, upload } = dashboardOf(page)
      const path = join(folder, name)
      await writeFile(path, buffer)
      await chooseFile.setInputFiles(path)
      await upload.click()
    }

    /** Every upload ends so: one asset of this name, of all bytes, and it is ready. */
    async function expectOneReady(name: string, { length }: Buffer): Promise<void> {
      const [asset] = await namedSo(name)
      await project.client.settled(asset?.id ?? '')
      expect(await namedSo(name)).toMatchObject([{ status: 'ready', byteSize: length }])
    }

    it('uploads a small file with one PUT', async () => {
      const { page, dashboard, puts, complaints } = await open()
      const told = page.waitForEvent('console', message => message.text().includes('is asset'))
      await start(page, 'small.jpg', small)
      await dashboard.complete.waitFor()
      await expectOneReady('small.jpg', small)
      expect(puts.finished).toEqual(['whole'])
      const [asset] = await namedSo('small.jpg')
      expect((await told).text()).toBe(`small.jpg is asset ${asset?.id}`)
      expect(complaints).toEqual([])
    })

    it.runIf(version === 6)('runs the first example of the README, out of the npm package', async () => {
      const { page, complaints } = await open()
      const script = await bundleReadmeExample(await mkdtemp(join(folder, 'project-')))
      // The example names a Darkroom of somebody's own.
      await page.route(`${OWN_DARKROOM}/**`, async route => {
        const response = await route.fetch({ url: route.request().url().replace(OWN_DARKROOM, project.client.url) })
        await route.fulfill({ response })
      })
      const told = page.waitForEvent('console', message => message.text().includes('is asset'))
      await page.addScriptTag({ type: 'module', content: script })
      const [, id = ''] = /^hello\.txt is asset (\S+)$/.exec((await told).text()) ?? []
      expect(await project.client.settled(id)).toMatchObject({ filename: 'hello.txt', byteSize: 5, status: 'ready' })
      expect(complaints).toEqual([])
    })

    it('pauses and resumes a large file, and sends no part twice that has arrived', async () => {
      const { page, dashboard, puts, complaints } = await open()
      const release = await holdRequests(page, LATER_PARTS)
      await start(page, 'paused.jpg', large)
      await expect.poll(() => puts.finished).toEqual(['1'])
      await dashboard.pause.click()
      await dashboard.resume.waitFor()
      await release()
      await dashboard.resume.click()
      await dashboard.complete.waitFor()
      await expectOneReady('paused.jpg', large)
      expect(puts.finished.toSorted()).toEqual(['1', '2', '3'])
      expect(complaints).toEqual([])
    })

    it.each([
      ['a large file, of which a part has arrived', LATER_PARTS, 1, () => large],
      ['a file of one PUT', ONE_PUT, 0, () => medium],
    ])('leaves nothing behind of %s, that is cancelled', async (_name, held, openBefore, buffer) => {
      const { page, dashboard, puts } = await open()
      await holdRequests(page, held)
      await start(page, 'cancelled.jpg', buffer())
      await expect.poll(() => [puts.paths.size, puts.finished.length]).toEqual([1, openBefore])
      const [path = ''] = puts.paths
      const key = path.replace(`/${BUCKET}/`, '')
      expect(await openMultiparts(project.store, BUCKET, key)).toBe(openBefore)
      const deleted = page.waitForResponse(response => response.request().method() === 'DELETE')
      await dashboard.cancel.click()
      expect((await deleted).status()).toBe(204)
      await expect.poll(() => openMultiparts(project.store, BUCKET, key)).toBe(0)
      await expect.poll(() => storedVersions(project.store, BUCKET, key)).toEqual([])
      await expect.poll(() => namedSo('cancelled.jpg')).toEqual([])
    })

    it('shows what the store refuses, and continues when it is retried', async () => {
      const { page, dashboard, puts } = await open()
      const refused = { status: 403, headers: { 'access-control-allow-origin': '*' }, body: '<Error/>' }
      await page.route(/partNumber=2/, route => route.fulfill(refused))
      // Of its own, or a repetition of this test would find two.
      const name = `retried-${Date.now()}.jpg`
      await start(page, name, large)
      await dashboard.retry.waitFor()
      await page.unroute(/partNumber=2/)
      await dashboard.retry.click()
      await dashboard.complete.waitFor()
      await expectOneReady(name, large)
      expect(puts.finished.filter(part => part === '2')).toHaveLength(1)
    })

    it.each([
      ['a large file', () => large],
      ['a small one', () => medium],
    ])('continues %s without a click when the network is cut and restored', async (_name, buffer) => {
      const { page, dashboard, puts, network } = await open()
      const name = `cut-${Date.now()}.jpg`
      await network.slow(CREEPING_BYTES_PER_SEC)
      await start(page, name, buffer())
      await expect.poll(() => puts.paths.size).toBe(1)
      await network.setOffline(true)
      await page.waitForFunction(() => !navigator.onLine)
      await page.getByText('No Internet connection').first().waitFor()
      await network.slow(null)
      await network.setOffline(false)
      await dashboard.complete.waitFor()
      await expectOneReady(name, buffer())
    })

    it('continues after a reload in the middle, with Golden Retriever', async () => {
      const { page, dashboard, puts } = await open()
      const release = await holdRequests(page, LATER_PARTS)
      await start(page, 'reloaded.jpg', large)
      await expect.poll(() => puts.finished).toEqual(['1'])
      // It is written at most twice a second.
      await expect.poll(() => keptByGoldenRetriever(page)).toContain('s3Multipart')
      await page.reload()
      await release()
      await dashboard.upload.click()
      await dashboard.complete.waitFor()
      await expectOneReady('reloaded.jpg', large)
      expect(puts.finished.toSorted()).toEqual(['1', '2', '3'])
    })
  })
})
