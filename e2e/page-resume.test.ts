import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  hasChromium,
  LOOKS,
  launchChromium,
  networkOf,
  type OpenPage,
  openPage,
  overflow,
  shoot,
} from './harness/browser.ts'
import { createClient } from './harness/client.ts'
import { createHome, type Darkroom, type Home, startDarkroom } from './harness/darkroom.ts'
import { madePhoto } from './harness/photos.ts'

describe.skipIf(!hasChromium())('uploads that a reload interrupts', () => {
  let home: Home
  let darkroom: Darkroom
  let browser: Browser
  let context: BrowserContext | undefined

  beforeAll(async () => {
    home = await createHome()
    darkroom = await startDarkroom(home)
    browser = await launchChromium()
  })

  afterEach(() => context?.close())

  afterAll(async () => {
    await browser?.close()
    await darkroom?.stop()
    await home?.remove()
  })

  async function open(look: (typeof LOOKS)[number] = LOOKS[0]): Promise<OpenPage> {
    const opened = await openPage(browser, darkroom.url, look)
    context = opened.context
    await opened.page.getByTestId('dropzone').waitFor()
    return opened
  }

  const rowOf = (page: Page, name: string) => page.getByTestId('upload-row').filter({ hasText: name })
  const row = (page: Page, name: string, status: string) =>
    page.locator(`[data-testid=upload-row][data-status=${status}]`).filter({ hasText: name })
  const namedSo = async (name: string) =>
    (await createClient(darkroom).list('?limit=200')).items.filter(({ filename }) => filename === name)

  /** On the disk, where a file keeps its date. */
  async function fileOnDisk(name: string, bytes: Uint8Array): Promise<string> {
    const path = join(home.folder, name)
    await writeFile(path, bytes)
    return path
  }

  /** Numbers of the parts that the page has sent so far. */
  function watchParts(page: Page): Set<string> {
    const parts = new Set<string>()
    page.on('requestfinished', request => {
      const part = new URL(request.url()).searchParams.get('partNumber')
      if (part && request.method() === 'PUT') parts.add(part)
    })
    return parts
  }

  /** Lets the bytes of a page go nowhere, until it is loaded again. */
  const holdBytes = (page: Page) =>
    page.evaluate(() => {
      XMLHttpRequest.prototype.send = () => undefined
    })

  /** Begins to send a file and reloads the page before any of it has arrived. */
  async function interrupt(page: Page, path: string, name: string): Promise<void> {
    await holdBytes(page)
    await page.getByTestId('file-input').setInputFiles(path)
    await row(page, name, 'uploading').waitFor()
    await page.reload()
    await row(page, name, 'interrupted').waitFor()
  }

  it('continues a large one with the same file, and sends only what is missing', async () => {
    const { page } = await open()
    const name = 'large.tif'
    // Noise, so that no part is like another.
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
    const tiff = await sharp({ create: { width: 4700, height: 4500, channels: 3, background: 'grey', noise } })
      .tiff({ compression: 'none' })
      .toBuffer()
    const path = await fileOnDisk(name, tiff)
    const network = await networkOf(page)
    await network.slow(12_000_000)
    const before = watchParts(page)
    await page.getByTestId('file-input').setInputFiles(path)
    await expect.poll(() => before.size, { timeout: 60_000, interval: 20 }).toBeGreaterThan(0)
    await page.reload()
    await network.slow(null)
    const sentBefore = new Set(before)

    await row(page, name, 'interrupted')
      .getByText(/^Interrupted at \d+ % · choose the same file/)
      .waitFor()
    await shoot(page, 'desktop-light-25-interrupted')
    const other = await fileOnDisk('other.tif', tiff.subarray(0, 1000))
    await rowOf(page, name).getByTestId('continue-input').setInputFiles(other)
    await rowOf(page, name).getByTestId('continue-error').waitFor()

    const chooser = page.waitForEvent('filechooser')
    await rowOf(page, name).getByTestId('continue').click()
    const after = watchParts(page)
    await (await chooser).setFiles(path)
    await row(page, name, 'ready').waitFor()
    expect([...after].filter(part => sentBefore.has(part))).toEqual([])
    expect(after.size).toBeGreaterThan(0)
    const found = await namedSo(name)
    expect(found).toMatchObject([{ status: 'ready', byteSize: tiff.length }])
    await page.reload()
    await page.getByTestId('library-item').filter({ hasText: name }).waitFor()
    expect(await page.getByTestId('upload-row').count()).toBe(0)
  })

  it('continues a small one when the same file is dropped again, as the same asset', async () => {
    const { page } = await open(LOOKS[3])
    const name = 'small.jpg'
    const path = await fileOnDisk(name, await madePhoto({ width: 900, height: 700 }))
    await interrupt(page, path, name)
    await shoot(page, 'phone-dark-25-interrupted')
    expect(await overflow(page)).toBe(0)
    const [asset] = await namedSo(name)
    await page.getByTestId('file-input').setInputFiles(path)
    await row(page, name, 'ready').waitFor()
    expect(await namedSo(name)).toMatchObject([{ id: asset?.id, status: 'ready' }])
  })

  it('gives one up, which then no longer counts', async () => {
    const { page, complaints } = await open()
    const name = 'discarded.jpg'
    await interrupt(page, await fileOnDisk(name, await madePhoto({ width: 900, height: 700, hue: 200 })), name)
    const gone = page.waitForResponse(answer => answer.request().method() === 'DELETE')
    await rowOf(page, name).getByTestId('discard').click()
    expect((await gone).status()).toBe(204)
    await rowOf(page, name).waitFor({ state: 'detached' })
    await page.reload()
    await page.getByTestId('dropzone').waitFor()
    await page.waitForLoadState('networkidle')
    expect(await page.getByTestId('upload-row').count()).toBe(0)
    expect((await namedSo(name)).filter(({ status }) => status === 'awaiting_upload')).toEqual([])
    expect(complaints).toEqual([])
  })

  it('follows one of which every byte had arrived', async () => {
    const { page } = await open()
    const name = 'arrived.jpg'
    await page.route('**/confirm', () => undefined)
    const path = await fileOnDisk(name, await madePhoto({ width: 900, height: 700, hue: 90 }))
    await page.getByTestId('file-input').setInputFiles(path)
    await row(page, name, 'confirming').waitFor()
    await page.unroute('**/confirm')
    await page.reload()
    // In a row or, when that is quicker, in the library.
    await page.locator('[data-status=ready]').filter({ hasText: name }).waitFor()
    expect(await row(page, name, 'interrupted').count()).toBe(0)
    expect(await namedSo(name)).toMatchObject([{ status: 'ready' }])
  })

  it('leaves one to the tab that is at it, and takes it over when that is closed', async () => {
    const { page, context } = await open()
    const name = 'two-tabs.jpg'
    await holdBytes(page)
    await page
      .getByTestId('file-input')
      .setInputFiles(await fileOnDisk(name, await madePhoto({ width: 900, height: 700 })))
    await row(page, name, 'uploading').waitFor()
    const second = await context.newPage()
    await second.goto(darkroom.url)
    await second.getByTestId('dropzone').waitFor()
    await second.waitForLoadState('networkidle')
    expect(await second.getByTestId('upload-row').count()).toBe(0)
    await page.close()
    await row(second, name, 'interrupted').waitFor()
  })
})
