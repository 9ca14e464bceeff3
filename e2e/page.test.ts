import { join } from 'node:path'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  dropFile,
  hasChromium,
  LOOKS,
  type LocalFile,
  launchChromium,
  loadedImages,
  type OpenPage,
  openPage,
  overflow,
  SAMPLE_LOOKS,
  SCREENSHOTS,
  shoot,
} from './harness/browser.ts'
import { createClient } from './harness/client.ts'
import { createHome, type Darkroom, type Home, startDarkroom } from './harness/darkroom.ts'
import { jpegFile, madePhoto, phonePhoto } from './harness/photos.ts'
import { amount } from './harness/samples.ts'

const localFile = (name: string, bytes: Uint8Array): LocalFile => ({
  name,
  mimeType: 'image/jpeg',
  buffer: Buffer.from(bytes),
})

describe.skipIf(!hasChromium())('the page in Chromium', () => {
  let home: Home
  let darkroom: Darkroom
  let browser: Browser
  let context: BrowserContext | undefined
  let photos: LocalFile[]

  beforeAll(async () => {
    home = await createHome()
    darkroom = await startDarkroom(home)
    browser = await launchChromium()
    photos = [
      localFile('IMG_2041.jpg', (await phonePhoto()).bytes),
      localFile(
        'a-name-that-is-much-too-long-for-a-phone-in-any-language.jpg',
        await madePhoto({ width: 1500, height: 2000, hue: 200 }),
      ),
      localFile('dropped.jpg', await madePhoto({ width: 1800, height: 1400, hue: 320 })),
    ]
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

  const rowOf = (page: Page, name: string): Locator => page.getByTestId('upload-row').filter({ hasText: name })
  const readyRow = (page: Page, name: string): Locator =>
    page.locator('[data-testid=upload-row][data-status=ready]').filter({ hasText: name })

  /** Every state that a row was seen in, with what its progress bar said. */
  const watchRows = (page: Page) =>
    page.evaluate(() => {
      const seen = { statuses: [] as string[], progress: [] as number[] }
      Object.assign(window, { seen })
      const look = () => {
        for (const row of document.querySelectorAll<HTMLElement>('[data-testid=upload-row]')) {
          const { status = '' } = row.dataset
          if (!seen.statuses.includes(status)) seen.statuses.push(status)
          const bar = row.querySelector('[role=progressbar]')
          const value = Number(bar?.getAttribute('aria-valuenow'))
          if (bar && !seen.progress.includes(value)) seen.progress.push(value)
        }
      }
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true })
    })

  const seen = (page: Page) =>
    page.evaluate(() => (window as unknown as { seen: { statuses: string[]; progress: number[] } }).seen)

  it.each(SAMPLE_LOOKS)('shows what it is for while the library is empty ($name)', async look => {
    const { page, complaints } = await open(look)
    await page.getByTestId('empty-state').waitFor()
    await shoot(page, `${look.name}-1-empty`)
    expect(await overflow(page)).toBe(0)
    expect(complaints).toEqual([])
  })

  it.each(SAMPLE_LOOKS)('takes picked and dropped photos to URLs that load ($name)', async look => {
    const { page, complaints } = await open(look)
    const [first, second, dropped] = photos
    if (!first || !second || !dropped) throw new Error('three photos were made')
    await watchRows(page)
    await page.getByTestId('file-input').setInputFiles([first, second])
    await dropFile(page, dropped)
    await page.getByTestId('upload-row').nth(2).waitFor()
    await shoot(page, `${look.name}-2-uploading`)
    for (const { name } of [first, second, dropped]) await readyRow(page, name).waitFor()

    const { statuses, progress } = await seen(page)
    expect(statuses).toEqual(expect.arrayContaining(['uploading', 'processing', 'ready']))
    expect(progress.length).toBeGreaterThan(2)
    for (const { name } of [first, second, dropped]) {
      const row = readyRow(page, name)
      await expect.poll(() => loadedImages(row)).toBeGreaterThan(0)
      expect(await row.getAttribute('data-asset-id')).toMatch(/^[0-9a-f-]{36}$/)
      expect(await row.getByTestId('variant').count()).toBe(5)
    }
    await shoot(page, `${look.name}-3-ready`)
    expect(await overflow(page)).toBe(0)

    for (const variant of await readyRow(page, first.name).getByTestId('variant').all()) {
      await variant.getByTestId('copy-url').click()
      const copied = await page.evaluate(() => navigator.clipboard.readText())
      expect(copied).toBe(await variant.locator('a').getAttribute('href'))
      expect((await fetch(copied)).headers.get('content-type')).toMatch(/^image\//)
    }
    expect(complaints).toEqual([])
  })

  it('says what is wrong with a text file that is named .jpg', async () => {
    const { page, complaints } = await open()
    const text = localFile('notes.jpg', Buffer.from('This is no picture.\n'.repeat(100)))
    await page.getByTestId('file-input').setInputFiles(text)
    const error = rowOf(page, text.name).getByTestId('row-error')
    await error.waitFor()
    await error.getByText(/^(UNRECOGNIZED_TYPE|TYPE_MISMATCH)$/).waitFor()
    expect(await rowOf(page, text.name).getAttribute('data-status')).toBe('failed')
    // Trying the same bytes again cannot help, so it is not offered.
    expect(await error.getByTestId('retry').count()).toBe(0)
    await shoot(page, 'desktop-light-4-bad-file')
    await page.setViewportSize(LOOKS[2].viewport)
    await shoot(page, 'phone-light-4-bad-file')
    expect(await overflow(page)).toBe(0)
    expect(complaints).toEqual([])
  })

  it('holds a file that comes before the service has said what it takes', async () => {
    const { page, complaints } = await open()
    const answered = Promise.withResolvers<void>()
    await page.route('**/v1/status', async route => {
      await answered.promise
      await route.continue()
    })
    await page.reload()
    const photo = localFile('early.jpg', await madePhoto({ width: 700, height: 500, hue: 90 }))
    await page.getByTestId('file-input').setInputFiles(photo)
    await dropFile(page, { ...photo, name: 'early-too.jpg' })
    await page.getByText('2 files wait for the service to answer.').waitFor()
    answered.resolve()
    for (const name of ['early.jpg', 'early-too.jpg']) await readyRow(page, name).waitFor()
    expect(complaints).toEqual([])
  })

  it('takes a file that is dropped on another page to where it is shown', async () => {
    const { page, complaints } = await open()
    await page.getByTestId('go-operations').click()
    await page.getByRole('heading', { name: 'Operations' }).waitFor()
    expect(await page.title()).toBe('Operations · Darkroom')
    await dropFile(page, localFile('elsewhere.jpg', await madePhoto({ width: 400, height: 300, hue: 30 })))
    await readyRow(page, 'elsewhere.jpg').waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
    expect(complaints).toEqual([])
  })

  it('keeps the rest when a part of it cannot be loaded', async () => {
    const { page } = await open()
    await page.route('**/list-page-*.js', route => route.abort())
    await page.getByTestId('go-operations').click()
    await page.getByTestId('part-error').waitFor()
    await page.getByRole('link', { name: 'Back to files' }).click()
    await page.getByTestId('dropzone').waitFor()
  })

  it('refuses an empty file and a file of another kind before a byte is sent', async () => {
    const { page, complaints } = await open()
    const files = [
      localFile('empty.jpg', Buffer.alloc(0)),
      { name: 'setup.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') },
    ]
    const requests: string[] = []
    page.on('request', request => request.method() !== 'GET' && requests.push(request.url()))
    await page.getByTestId('file-input').setInputFiles(files)
    await rowOf(page, 'empty.jpg').getByText('EMPTY_FILE').waitFor()
    await rowOf(page, 'setup.exe').getByText('UNSUPPORTED_TYPE').waitFor()
    await rowOf(page, 'setup.exe').getByTestId('remove').click()
    await rowOf(page, 'setup.exe').waitFor({ state: 'detached' })
    const chooser = page.waitForEvent('filechooser')
    await rowOf(page, 'empty.jpg').getByTestId('choose-another').click()
    const picker = await chooser
    expect(await rowOf(page, 'empty.jpg').count()).toBe(1)
    await picker.setFiles(localFile('empty-too.jpg', Buffer.alloc(0)))
    await rowOf(page, 'empty-too.jpg').waitFor()
    await rowOf(page, 'empty.jpg').waitFor({ state: 'detached' })
    expect(requests.filter(url => url.includes('/v1/uploads'))).toEqual([])
    expect(complaints).toEqual([])
  })

  it('sends files again after the connection to the store broke, one or all that failed', async () => {
    const { page } = await open()
    const photo = localFile('unlucky.jpg', await madePhoto({ width: 700, height: 500, hue: 10 }))
    const ofStore = `http://127.0.0.1:${home.storePort}/**`
    await page.route(ofStore, route => (route.request().method() === 'PUT' ? route.abort() : route.continue()))
    const names = ['unlucky-1.jpg', 'unlucky-2.jpg', 'unlucky-3.jpg']
    await page.getByTestId('file-input').setInputFiles(names.map(name => ({ ...photo, name })))
    for (const name of names) await rowOf(page, name).getByTestId('retry').waitFor()
    await shoot(page, 'desktop-light-5-connection-lost')
    await page.unroute(ofStore)
    await rowOf(page, 'unlucky-1.jpg').getByTestId('retry').click()
    await page.getByTestId('retry-failed').getByText('Retry 2 failed').click()
    for (const name of names) await readyRow(page, name).waitFor()
    expect(await page.getByTestId('row-error').count()).toBe(0)
  })

  it.each(SAMPLE_LOOKS)('shows the library after a reload ($name)', async look => {
    const { page, complaints } = await open(look)
    await page.reload()
    const tile = page.getByTestId('library-item').filter({ hasText: 'dropped.jpg' }).first()
    await tile.waitFor()
    expect(await page.getByTestId('upload-row').count()).toBe(0)
    await expect.poll(() => loadedImages(tile)).toBeGreaterThan(0)
    await shoot(page, `${look.name}-6-library`)
    expect(await overflow(page)).toBe(0)

    await tile.getByRole('button', { name: /^Show/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await expect.poll(() => dialog.getByTestId('variant').count()).toBe(5)
    await expect.poll(() => loadedImages(dialog)).toBe(1)
    await page.screenshot({ path: join(SCREENSHOTS, `${look.name}-7-dialog.png`) })
    expect(await overflow(page)).toBe(0)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  it('deletes from the library after a second click, for good', async () => {
    const { page, complaints } = await open()
    const client = createClient(darkroom)
    const { asset } = await client.upload(jpegFile('to-delete.jpg', await madePhoto({ width: 500, height: 500 })))
    await client.settled(asset.id)
    await page.reload()
    const tile = page.locator(`[data-testid=library-item][data-asset-id="${asset.id}"]`)
    await tile.getByTestId('remove').click()
    expect(await client.readAsset(asset.id)).toMatchObject({ status: 'ready' })
    await tile.getByTestId('confirm-remove').click()
    await tile.waitFor({ state: 'detached' })
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Library')
    await page.getByTestId('announcement').getByText('to-delete.jpg was deleted.').waitFor()
    await page.reload()
    await page.getByTestId('library-item').first().waitFor()
    expect(await tile.count()).toBe(0)
    expect(complaints).toEqual([])
  })

  it('can be used with the keyboard alone', async () => {
    const { page, complaints } = await open()
    const focused = () =>
      page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
      )
    const tabTo = async (what: RegExp) => {
      for (let steps = 0; steps < 60; steps += 1) {
        await page.keyboard.press('Tab')
        if (what.test(await focused())) return
      }
      throw new Error(`no Tab leads to ${what}; in the end "${await focused()}"`)
    }
    // Asked for early: playwright must have told the browser before Enter is pressed.
    const chooser = page.waitForEvent('filechooser')
    await tabTo(/Choose files/)
    const hasOutline = await page.evaluate(() => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement ?? document.body)
      return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
    })
    expect(hasOutline).toBe(true)
    await shoot(page, 'desktop-light-8-focus')
    await page.keyboard.press('Enter')
    const file = localFile('by-keyboard.jpg', await madePhoto({ width: 900, height: 700, hue: 140 }))
    await (await chooser).setFiles(file)
    await readyRow(page, file.name).waitFor()
    await tabTo(/Copy URL of thumb/)
    await page.keyboard.press('Enter')
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toMatch(/^http:\/\/127\.0\.0\.1:\d+\/darkroom-public\/.*\.webp$/)
    expect(complaints).toEqual([])
  })

  it('loads older photos when it is asked to', async () => {
    const client = createClient(darkroom)
    const bytes = await madePhoto({ width: 320, height: 240, hue: 60 })
    const uploads = await Promise.all(
      Array.from({ length: amount(26, 50) }, (_, index) => client.upload(jpegFile(`many-${index}.jpg`, bytes))),
    )
    for (const { asset } of uploads) await client.settled(asset.id)
    const { page, complaints } = await open()
    await page.getByTestId('library-item').first().waitFor()
    const before = await page.getByTestId('library-item').count()
    await page.getByTestId('load-more').click()
    await expect.poll(() => page.getByTestId('library-item').count()).toBeGreaterThan(before)
    const ids = await page.getByTestId('library-item').evaluateAll(tiles => tiles.map(tile => tile.dataset.assetId))
    expect(new Set(ids).size).toBe(ids.length)

    // More than a page of what is not shown: uploads that were declared and never sent.
    const file = jpegFile('never-sent.jpg', bytes)
    await Promise.all(Array.from({ length: 30 }, () => client.create(file)))
    await page.reload()
    await expect.poll(() => page.getByTestId('library-item').count()).toBe(24)
    expect(complaints).toEqual([])
  })

  it.each([LOOKS[0], LOOKS[3]])('says of an address that it has nothing there ($name)', async look => {
    const { page, complaints } = await open(look)
    const answer = await page.goto(`${darkroom.url}/nowhere`)
    expect(answer?.status()).toBe(404)
    await page.getByTestId('not-found').waitFor()
    expect(await page.title()).toBe('Not found · Darkroom')
    expect(await page.getByTestId('dropzone').count()).toBe(0)
    await shoot(page, `${look.name}-20-not-found`)
    expect(await overflow(page)).toBe(0)
    await page.getByRole('link', { name: 'Go to your files' }).click()
    await page.getByTestId('dropzone').waitFor()
    expect(complaints.filter(complaint => !complaint.includes('404'))).toEqual([])
  })

  it('comes compressed, the library as well', async () => {
    const client = createClient(darkroom)
    const file = jpegFile('declared.jpg', await madePhoto({ width: 64, height: 64 }))
    await Promise.all(Array.from({ length: 24 }, () => client.create(file)))
    const { page, context } = await open()
    const encodings = new Map<string, string | undefined>()
    context.on('response', response => {
      encodings.set(new URL(response.url()).pathname, response.headers()['content-encoding'])
    })
    await page.reload()
    const encodingOf = (path: RegExp) => [...encodings].find(([each]) => path.test(each))?.[1]
    const paths = [/^\/$/, /^\/assets\/index-.*\.js$/, /^\/v1\/assets$/]
    await expect.poll(() => paths.map(encodingOf)).toEqual(['br', 'br', 'zstd'])
  })

  it('says so when the service is gone, and goes on when it is back', async () => {
    const { page } = await open()
    await page.getByTestId('library-item').first().waitFor()
    await darkroom.stop()
    await page.getByTestId('offline').waitFor()
    await page.screenshot({ path: join(SCREENSHOTS, 'desktop-light-9-offline.png') })
    darkroom = await startDarkroom(home)
    await page.getByTestId('offline').waitFor({ state: 'detached', timeout: 60_000 })
  })
})
