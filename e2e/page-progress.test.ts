import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  hasChromium,
  LOOKS,
  type LocalFile,
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

/** What a row said at one moment. */
interface Seen {
  status: string
  text: string
  /** Of the bar, null where there was none. */
  bar: number | null
}

describe.skipIf(!hasChromium())('what the page says while files are on their way', () => {
  let home: Home
  let darkroom: Darkroom
  let browser: Browser
  let context: BrowserContext | undefined
  let photo: LocalFile

  beforeAll(async () => {
    home = await createHome()
    darkroom = await startDarkroom(home)
    browser = await launchChromium()
    const bytes = await madePhoto({ width: 1300, height: 950 })
    photo = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(bytes) }
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

  const row = (page: Page, status: string) => page.locator(`[data-testid=upload-row][data-status=${status}]`)
  const queues = (action: 'pause' | 'resume') =>
    createClient(darkroom).request('POST', `/v1/admin/queues/all/${action}`, { json: {} })

  /** Everything that rows say from now on. */
  const watch = (page: Page) =>
    page.evaluate(() => {
      const seen: unknown[] = []
      Object.assign(window, { seen })
      const look = () => {
        for (const row of document.querySelectorAll<HTMLElement>('[data-testid=upload-row]')) {
          const bar = row.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')
          const text = row.querySelector('[data-testid=status]')?.textContent ?? ''
          seen.push({ status: row.dataset.status, text, bar: bar ? Number(bar) : null })
        }
      }
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true })
    })
  const seenBy = (page: Page) => page.evaluate(() => (window as unknown as { seen: Seen[] }).seen)

  it('draws each bar as long as the number beside it says, and gives no number to what waits', async () => {
    const { page, complaints } = await open()
    const network = await networkOf(page)
    await network.slow((photo.buffer.length * 2) / 3)
    await watch(page)
    const files = ['1', '2', '3', '4', '5', '6'].map(name => ({ ...photo, name: `${name}.jpg` }))
    await page.getByTestId('file-input').setInputFiles(files)
    await row(page, 'uploading').first().waitFor()
    await shoot(page, 'desktop-light-21-uploading')
    await expect.poll(() => row(page, 'ready').count()).toBe(files.length)

    const seen = await seenBy(page)
    const numbered = seen.filter(({ text }) => /\d %/.test(text))
    expect(numbered.length).toBeGreaterThan(5)
    for (const { text, bar } of numbered) expect([text, `${bar} %`]).toEqual([text, /\d+ %/.exec(text)?.[0]])
    const waiting = seen.filter(({ status }) => status === 'waiting')
    expect(waiting.length).toBeGreaterThan(0)
    expect(waiting.filter(({ text, bar }) => bar !== null || !/^(Waiting|Uploaded)/.test(text))).toEqual([])
    expect(complaints).toEqual([])
  })

  it.each([LOOKS[0], LOOKS[3]])('says that processing is paused, and goes on when it is not ($name)', async look => {
    const { page, complaints } = await open(look)
    expect((await queues('pause')).status).toBe(200)
    try {
      await page.getByTestId('file-input').setInputFiles(photo)
      const waiting = row(page, 'waiting')
      await waiting.getByText('Paused · waiting until processing resumes').waitFor()
      expect(await waiting.getByRole('progressbar').count()).toBe(0)
      await shoot(page, `${look.name}-22-paused`)
      expect(await overflow(page)).toBe(0)
    } finally {
      await queues('resume')
    }
    await row(page, 'ready').waitFor()
    expect(complaints).toEqual([])
  })

  it.each([LOOKS[0], LOOKS[2]])('says within three seconds that this device is offline ($name)', async look => {
    const { page } = await open(look)
    const network = await networkOf(page)
    await network.slow(photo.buffer.length / 20)
    await page.getByTestId('file-input').setInputFiles([photo, { ...photo, name: 'second.jpg' }])
    await row(page, 'uploading')
      .getByText(/Uploading [1-9]/)
      .first()
      .waitFor()
    await network.setOffline(true)
    await page.getByTestId('offline').getByText('You are offline.').waitFor({ timeout: 3000 })
    await expect.poll(() => page.getByTestId('status').filter({ hasText: 'you are offline' }).count()).toBe(2)
    expect(await page.getByText(/^Uploading/).count()).toBe(0)
    await shoot(page, `${look.name}-23-offline`)
    expect(await overflow(page)).toBe(0)
    await network.slow(null)
    await network.setOffline(false)
    await page.getByTestId('offline').waitFor({ state: 'detached' })
    await expect.poll(() => row(page, 'ready').count()).toBe(2)
  })

  it('says that Darkroom does not answer when it is that, and sends again once it does', async () => {
    const { page } = await open()
    const network = await networkOf(page)
    await network.slow(photo.buffer.length / 20)
    await page.getByTestId('file-input').setInputFiles(photo)
    await row(page, 'uploading')
      .getByText(/Uploading [1-9]/)
      .waitFor()
    await darkroom.killAll()
    await page.getByTestId('offline').getByText('Darkroom does not respond.').waitFor({ timeout: 15_000 })
    await row(page, 'waiting').getByText('Waiting · Darkroom does not respond').waitFor()
    await shoot(page, 'desktop-light-24-silent')
    await network.slow(null)
    darkroom = await startDarkroom(home)
    await row(page, 'ready').waitFor()
  })
})
