import { join } from 'node:path'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  hasChromium,
  LOOKS,
  launchChromium,
  loadedImages,
  type OpenPage,
  openPage,
  overflow,
  SCREENSHOTS,
  shoot,
} from './harness/browser.ts'
import { createHome, type Darkroom, type Home, startDarkroom } from './harness/darkroom.ts'
import { madePdf, madeSong, madeVideo } from './harness/media.ts'
import { hasTool } from './harness/tools.ts'

const isPossible = hasChromium() && hasTool('ffmpeg', 'ffmpeg')
const [DESKTOP, , , PHONE] = LOOKS

interface LocalFile {
  name: string
  mimeType: string
  buffer: Buffer
}

const currentTime = (media: HTMLMediaElement): number => media.currentTime

/** What a player of the page says of itself. */
interface Player {
  durationSec: number
  positionSec: number
  width: number
  error: string | null
}

describe.skipIf(!isPossible)('videos, audio files and documents on the page in Chromium', () => {
  let home: Home
  let darkroom: Darkroom
  let browser: Browser
  let context: BrowserContext | undefined
  let video: LocalFile
  let song: LocalFile
  const pages = { name: 'pages.pdf', mimeType: 'application/pdf', buffer: madePdf(2) }
  const table = { name: 'table.csv', mimeType: 'application/vnd.ms-excel', buffer: Buffer.from('name,stop\nNina,2\n') }

  beforeAll(async () => {
    video = { name: 'video.mov', mimeType: 'video/quicktime', buffer: madeVideo() }
    song = { name: 'song.mp3', mimeType: 'audio/mpeg', buffer: madeSong() }
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

  async function open(look: (typeof LOOKS)[number]): Promise<OpenPage> {
    const opened = await openPage(browser, darkroom.url, look)
    context = opened.context
    await opened.page.getByTestId('dropzone').waitFor()
    return opened
  }

  const readyRow = (page: Page, name: string): Locator =>
    page.locator('[data-testid=upload-row][data-status=ready]').filter({ hasText: name })

  /** Plays for a moment, without audio. */
  const play = (player: Locator): Promise<Player> =>
    player.evaluate(async (media: HTMLMediaElement) => {
      media.muted = true
      await media.play()
      await new Promise(resolve => media.addEventListener('timeupdate', resolve, { once: true }))
      media.pause()
      return {
        durationSec: media.duration,
        positionSec: media.currentTime,
        width: media instanceof HTMLVideoElement ? media.videoWidth : 0,
        error: media.error?.message ?? null,
      }
    })

  it.each([DESKTOP, PHONE])('plays the video and the audio and leads to the text ($name)', async look => {
    const { page, complaints } = await open(look)
    await page.getByTestId('file-input').setInputFiles([video, song, pages])
    for (const { name } of [video, song, pages]) await readyRow(page, name).waitFor()

    const played = await play(readyRow(page, video.name).getByTestId('video'))
    expect(played).toMatchObject({ width: 640, error: null })
    expect(played.durationSec).toBeCloseTo(3, 0)
    expect(played.positionSec).toBeGreaterThan(0)
    await readyRow(page, video.name).getByRole('button', { name: 'Thaw' }).click()
    const position = () => readyRow(page, video.name).getByTestId('video').evaluate(currentTime)
    await expect.poll(position).toBeGreaterThanOrEqual(1.5)

    const row = readyRow(page, song.name)
    await row.getByText('Stop Bath · The Negatives').waitFor()
    expect(await play(row.getByTestId('sound'))).toMatchObject({ error: null, durationSec: expect.closeTo(3, 0) })
    // The cover and the waveform.
    await expect.poll(() => loadedImages(row)).toBe(2)

    const document = readyRow(page, pages.name)
    const href = await document.getByRole('link', { name: 'Read the text' }).getAttribute('href')
    expect(await (await fetch(href ?? '')).text()).toContain('This is page 2')
    await document.getByText('About the original').click()
    expect(await document.getByTestId('facts').textContent()).toMatch(/Pages2/)

    await shoot(page, `${look.name}-10-kinds`)
    expect(await overflow(page)).toBe(0)
    expect(complaints).toEqual([])
  })

  it.each([DESKTOP, PHONE])('tells them apart in the library and shows one in a dialog ($name)', async look => {
    const { page, complaints } = await open(look)
    const tileOf = (name: string) => page.getByTestId('library-item').filter({ hasText: name }).first()
    await tileOf(video.name).getByText('0:03').first().waitFor()
    await tileOf(pages.name).getByText('2 pages').first().waitFor()
    await shoot(page, `${look.name}-11-kinds-library`)

    await tileOf(video.name).getByRole('button', { name: /^Show/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByTestId('video').waitFor()
    expect(await dialog.getByTestId('facts').textContent()).toMatch(/Dimensions640 × 360Duration0:03/)
    expect(await dialog.getByTestId('chapters').getByRole('listitem').allTextContents()).toEqual([
      '0:00Snow & ice',
      '0:01Thaw',
    ])
    await page.screenshot({ path: join(SCREENSHOTS, `${look.name}-12-video-dialog.png`) })
    expect(await overflow(page)).toBe(0)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  it('takes a table that the system calls a program’s, and shows what type it is of', async () => {
    const { page, complaints } = await open(DESKTOP)
    await page.getByTestId('file-input').setInputFiles([table])
    const row = readyRow(page, table.name)
    await row.waitFor()
    await row.getByRole('link', { name: 'Read the text' }).waitFor()
    expect(complaints).toEqual([])
  })

  it('copies HTML that plays', async () => {
    const { page } = await open(DESKTOP)
    await page
      .getByTestId('library-item')
      .filter({ hasText: song.name })
      .first()
      .getByRole('button', { name: /^Show/ })
      .click()
    await page.getByRole('dialog').getByTestId('copy-html').click()
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^<audio controls src="http/)
  })
})
