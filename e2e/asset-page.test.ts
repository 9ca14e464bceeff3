import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectImages, openAssetPage } from './harness/asset-page.ts'
import { axeFaults } from './harness/axe.ts'
import { hasChromium, LOOKS, launchChromium, overflow, SAMPLE_LOOKS, SCREENSHOTS, shoot } from './harness/browser.ts'
import type { FileToUpload } from './harness/client.ts'
import type { Asset } from './harness/contract.ts'
import { type Installation, install, uninstall } from './harness/installation.ts'
import { madePdf, madeSong, madeVideo } from './harness/media.ts'
import { phonePhoto } from './harness/photos.ts'
import { hasTool } from './harness/tools.ts'

const isPossible = hasChromium() && hasTool('ffmpeg', 'ffmpeg')
const [DESKTOP] = LOOKS
const UPLOADED_MS = 180_000

describe.skipIf(!isPossible)('the page of an asset in Chromium', () => {
  let installation: Installation
  let browser: Browser
  let context: BrowserContext | undefined
  let photo: Asset
  let video: Asset
  let song: Asset
  let pages: Asset

  beforeAll(async () => {
    installation = await install()
    browser = await launchChromium()
    const { client } = installation
    const upload = async (file: FileToUpload, more: object = {}) => {
      const { asset } = await client.upload(file, more)
      return client.settled(asset.id, UPLOADED_MS)
    }
    const file = (name: string, contentType: string, bytes: Buffer) => ({
      name,
      contentType,
      bytes: new Uint8Array(bytes),
    })
    photo = await upload(await phonePhoto(), { folder: '2026/summer', tags: ['sea'], title: 'Beach at dusk' })
    video = await upload(file('video.mov', 'video/quicktime', madeVideo({ size: '1280x720' })), {
      preset: 'video-on-demand',
    })
    song = await upload(file('song.mp3', 'audio/mpeg', madeSong()))
    pages = await upload(file('pages.pdf', 'application/pdf', madePdf(3)))
    expect([photo, video, song, pages].map(({ status }) => status)).toEqual(Array(4).fill('ready'))
  }, UPLOADED_MS * 2)

  afterEach(() => context?.close())

  afterAll(async () => {
    await browser?.close()
    if (installation) await uninstall(installation)
  })

  async function open(asset: Asset, look: (typeof LOOKS)[number] = DESKTOP) {
    const opened = await openAssetPage(browser, installation.darkroom.url, asset.id, look)
    context = opened.context
    return opened
  }

  const scale = async (page: Page) => Number(await page.getByTestId('zoom').getAttribute('data-scale'))

  it('enlarges an image by keys, wheel, double click, pinch and buttons', async () => {
    const { page, complaints } = await open(photo)
    await expectImages(page, 2)
    const zoom = page.getByTestId('zoom')
    await zoom.focus()
    await page.keyboard.press('+')
    await expect.poll(() => scale(page)).toBe(1.5)
    await page.keyboard.press('0')
    await expect.poll(() => scale(page)).toBe(1)
    await zoom.hover()
    await page.mouse.wheel(0, -500)
    await expect.poll(() => scale(page)).toBeCloseTo(Math.E, 1)
    expect(await page.evaluate(() => window.scrollY)).toBe(0)
    await page.getByTestId('zoom-reset').click()
    await zoom.dblclick()
    await expect.poll(() => scale(page)).toBe(3)
    await page.getByTestId('zoom-in').click()
    await expect.poll(() => scale(page)).toBe(4.5)
    await page.getByTestId('zoom-reset').click()
    await pinch(page)
    await expect.poll(() => scale(page)).toBeGreaterThan(1.9)
    expect(complaints).toEqual([])
  })

  /** Two fingers that start 100 px apart and end 200 px apart. */
  async function pinch(page: Page): Promise<void> {
    const { x, y, width, height } = (await page.getByTestId('zoom').boundingBox()) ?? {
      x: 0,
      y: 0,
      width: 0,
      height: 0,
    }
    const [middleX, middleY] = [x + width / 2, y + height / 2]
    const fire = (type: string, pointerId: number, dx: number) =>
      page
        .getByTestId('zoom')
        .dispatchEvent(type, { pointerId, clientX: middleX + dx, clientY: middleY, bubbles: true })
    // Only a real pointer can be captured.
    await page.getByTestId('zoom').evaluate(element => Object.assign(element, { setPointerCapture: () => undefined }))
    for (const [type, id, dx] of [
      ['pointerdown', 1, -50],
      ['pointerdown', 2, 50],
      ['pointermove', 1, -100],
      ['pointermove', 2, 100],
      ['pointerup', 1, -100],
      ['pointerup', 2, 100],
    ] as const)
      await fire(type, id, dx)
  }

  it('shows the original beside a variant, and how much of each one wants', async () => {
    const { page, complaints } = await open(photo)
    const row = page.locator('[data-testid=variant][data-name=small]')
    await row.getByTestId('show-variant').click()
    await expect.poll(() => new URL(page.url()).search).toBe('?variant=small')
    await expectImages(page, 2)
    const slider = page.getByTestId('compare')
    await slider.focus()
    await page.keyboard.press('Home')
    expect(await slider.getAttribute('aria-valuetext')).toBe('0 % Original')
    const clip = () =>
      page
        .getByTestId('viewer')
        .locator('img')
        .nth(1)
        .evaluate(image => getComputedStyle(image).clipPath)
    expect(await clip()).toBe('inset(0px 100% 0px 0px)')
    await page.keyboard.press('End')
    expect(await clip()).toBe('inset(0px 0% 0px 0px)')
    const [original, variant] = await page
      .getByTestId('viewer')
      .locator('img')
      .evaluateAll(images => images.map(image => (image as HTMLImageElement).naturalWidth).toReversed())
    expect([original, variant]).toEqual([photo.width, 640])
    await page.reload()
    await row.getByTestId('show-variant').and(page.locator('[aria-pressed=true]')).waitFor()
    expect(complaints).toEqual([])
  })

  it('tells of each variant how large it is and what it saves, and copies URLs and code', async () => {
    const { page, complaints } = await open(photo)
    for (const { name, width, height, byteSize, url } of photo.variants) {
      const row = page.locator(`[data-testid=variant][data-name=${name}]`)
      expect(await row.textContent()).toContain(`${width} × ${height}`)
      const saved = Math.round((byteSize / photo.byteSize - 1) * 100)
      expect(await row.getByTestId('saving').textContent()).toContain(`${Math.abs(saved)} %`)
      await row.getByTestId('copy-url').click()
      await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(url)
    }
    await page.getByTestId('copy-snippet').click()
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toMatch(/^<picture>[\s\S]*<\/picture>$/)
    await page.getByTestId('snippet-react').click()
    await page.getByText(`<Image asset="${photo.id}"`).waitFor()
    await page.getByTestId('history').getByText('No problem is known.').waitFor()
    await page.getByTestId('timeline-entry').first().waitFor()
    expect(complaints).toEqual([])
  })

  it('plays a video in the quality that is chosen, and shows its storyboard under the pointer', async () => {
    const { page, complaints } = await open(video)
    const player = page.getByTestId('video')
    await page.getByTestId('snippet-hls').waitFor()
    const readyState = () => player.evaluate((media: HTMLVideoElement) => media.readyState)
    // Whether the playlist or, where the browser does not play this one, a file.
    await expect.poll(readyState).toBeGreaterThan(0)
    const play = () =>
      player.evaluate(async (media: HTMLVideoElement) => {
        media.muted = true
        await media.play()
        await new Promise(resolve => media.addEventListener('timeupdate', resolve, { once: true }))
        media.pause()
        return { sec: media.currentTime, height: media.videoHeight, error: media.error?.message ?? null }
      })
    expect(await play()).toMatchObject({ error: null })
    await page.getByTestId('seek').focus()
    await page.keyboard.press('Home')
    await player.evaluate((media: HTMLVideoElement) => Object.assign(media, { currentTime: 1.5 }))
    await page.getByText(/^360p$/).click()
    await expect.poll(() => player.getAttribute('data-quality')).toBe('hls-360-media')
    // It goes on where it was.
    await expect.poll(() => player.evaluate((media: HTMLVideoElement) => media.currentTime)).toBeGreaterThan(1.4)
    expect(await play()).toMatchObject({ height: 360, error: null })

    const seek = page.getByTestId('seek')
    const box = (await seek.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    const framesAt = async (part: number) => {
      await page.mouse.move(box.x + box.width * part, box.y + box.height / 2)
      const frame = page.getByTestId('story-frame')
      await frame.waitFor()
      return [await frame.getAttribute('data-x'), await frame.getAttribute('data-y')].join()
    }
    expect(await framesAt(0.05)).toBe('0,0')
    expect(await framesAt(0.95)).not.toBe('0,0')
    await expect
      .poll(() =>
        page
          .getByTestId('story-frame')
          .locator('img')
          .evaluate((image: HTMLImageElement) => image.naturalWidth),
      )
      .toBeGreaterThan(0)
    await page.screenshot({ path: join(SCREENSHOTS, 'asset-storyboard.png') })
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
    await expect.poll(() => player.evaluate((media: HTMLVideoElement) => media.currentTime)).toBeCloseTo(1.5, 0)
    expect(complaints).toEqual([])
  })

  it('seeks in the waveform of an audio file, by pointer and keys', async () => {
    const { page, complaints } = await open(song)
    await expectImages(page, 3)
    const sound = page.getByTestId('sound')
    const position = () => sound.evaluate((media: HTMLAudioElement) => media.currentTime)
    await expect.poll(() => sound.evaluate((media: HTMLAudioElement) => media.readyState)).toBeGreaterThan(0)
    await page.getByTestId('seek').click({ position: { x: 10, y: 40 } })
    await expect.poll(position).toBeLessThan(0.5)
    await page.keyboard.press('PageUp')
    await page.keyboard.press('PageUp')
    await expect.poll(position).toBeGreaterThan(0.5)
    await page.keyboard.press('Home')
    await expect.poll(position).toBe(0)
    expect(await page.getByTestId('seek').getAttribute('aria-valuetext')).toBe('0:00 of 0:03')
    expect(complaints).toEqual([])
  })

  it('turns the pages of a document', async () => {
    const { page, complaints } = await open(pages)
    await page.getByText('Page 1 of 3').waitFor()
    await expectImages(page, 1)
    const first = await page.getByTestId('document-page').getAttribute('src')
    await page.getByTestId('next-page').click()
    await page.getByText('Page 2 of 3').waitFor()
    expect(await page.getByTestId('document-page').getAttribute('src')).not.toBe(first)
    await expectImages(page, 1)
    expect(complaints).toEqual([])
  })

  it('says that there is no such asset', async () => {
    const { page } = await openAssetPage(browser, installation.darkroom.url, photo.id)
    context = page.context()
    await page.goto(`${installation.darkroom.url}/assets/019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071`)
    await page.getByTestId('unknown-asset').waitFor()
  })

  it.each(SAMPLE_LOOKS)('has no fault that axe finds, whatever the kind ($name)', async look => {
    for (const [name, asset, images] of [
      ['photo', photo, 2],
      ['video', video, 0],
      ['song', song, 3],
      ['pages', pages, 1],
    ] as const) {
      const { page } = await open(asset, look)
      await expectImages(page, images)
      await page.getByTestId('snippet-html').waitFor()
      await page.getByTestId('timeline-entry').first().waitFor()
      await shoot(page, `asset-${name}-${look.name}`)
      expect([name, await axeFaults(page, 'main')]).toEqual([name, []])
      expect([name, await overflow(page)]).toEqual([name, 0])
      await context?.close()
    }
  })
})
