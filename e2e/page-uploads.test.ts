import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { axeFaults } from './harness/axe.ts'
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
import { type Client, createClient } from './harness/client.ts'
import type { Asset } from './harness/contract.ts'
import { createHome, type Darkroom, type Home, startDarkroom } from './harness/darkroom.ts'
import { madePhoto } from './harness/photos.ts'

interface Described extends Asset {
  title: string | null
  altText: string | null
  folder: string
  tags: string[]
}

describe.skipIf(!hasChromium())('the queue of uploads in Chromium', () => {
  let home: Home
  let darkroom: Darkroom
  let client: Client
  let browser: Browser
  let context: BrowserContext | undefined

  beforeAll(async () => {
    home = await createHome()
    darkroom = await startDarkroom(home)
    client = createClient(darkroom)
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
  const readyRow = (page: Page, name: string) =>
    page.locator('[data-testid=upload-row][data-status=ready]').filter({ hasText: name })
  const photo = async (name: string, hue: number) => ({
    name,
    mimeType: 'image/jpeg',
    buffer: Buffer.from(await madePhoto({ width: 1600, height: 1200, hue })),
  })
  const idOf = async (page: Page, name: string) => (await rowOf(page, name).getAttribute('data-asset-id')) ?? ''

  it.each([LOOKS[0], LOOKS[3]])(
    'gets from nothing to a thumbnail in a minute, with the code for it ($name)',
    async look => {
      const { page, complaints } = await open(look)
      if (look === LOOKS[0]) {
        await page.getByTestId('empty-state').waitFor()
        await shoot(page, `${look.name}-first-run`)
        const startedAt = Date.now()
        await page.getByTestId('sample').filter({ hasText: 'A photo' }).click()
        await readyRow(page, 'sunset.jpg').waitFor()
        expect(Date.now() - startedAt).toBeLessThan(60_000)
        expect(await page.getByTestId('snippet').textContent()).toContain('"filename":"sunset.jpg"')
        await page.getByTestId('way-sdk').click()
        await page.getByText("darkroom.upload('sunset.jpg')").waitFor()
        await page.getByTestId('way-uppy').click()
        await page.getByText('darkroomAwsS3').first().waitFor()
        expect(await axeFaults(page)).toEqual([])
      }
      await shoot(page, `${look.name}-after-first-run`)
      expect(await overflow(page)).toBe(0)
      expect(complaints).toEqual([])
    },
  )

  it('pauses a file and all files, and goes on from there', async () => {
    const { page, complaints } = await open()
    const network = await networkOf(page)
    await network.slow(60_000)
    await page.getByTestId('file-input').setInputFiles([await photo('one.jpg', 20), await photo('two.jpg', 90)])
    const one = rowOf(page, 'one.jpg')
    await one.getByTestId('pause-upload').click()
    await expect.poll(() => one.getAttribute('data-status')).toBe('paused')
    await page.getByTestId('pause-all').click()
    await expect.poll(() => rowOf(page, 'two.jpg').getAttribute('data-status')).toBe('paused')
    expect(await page.getByTestId('queue-text').textContent()).toContain('2 files to go')
    expect(await axeFaults(page)).toEqual([])
    await shoot(page, 'desktop-light-paused')
    await network.slow(null)
    await one.getByTestId('resume-upload').click()
    await readyRow(page, 'one.jpg').waitFor()
    expect(await rowOf(page, 'two.jpg').getAttribute('data-status')).toBe('paused')
    await page.getByTestId('resume-all').click()
    await readyRow(page, 'two.jpg').waitFor()
    await page.getByTestId('queue-bar').waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  it('takes what people say about a file while it is sent', async () => {
    const { page, complaints } = await open()
    const network = await networkOf(page)
    await network.slow(40_000)
    await page.getByTestId('file-input').setInputFiles(await photo('harbour.jpg', 200))
    await rowOf(page, 'harbour.jpg').getByTestId('edit-details').click()
    const form = page.getByTestId('details-form')
    await form.getByLabel('Title').fill('The harbour')
    await form.getByLabel('Alt text').fill('Boats at dawn')
    await form.getByLabel('Tags').fill('sea, dawn')
    await form.getByLabel('Folder').fill('2026/summer')
    expect(await axeFaults(page)).toEqual([])
    await page.getByTestId('confirm-details-form').click()
    await form.waitFor({ state: 'detached' })
    expect(await rowOf(page, 'harbour.jpg').getAttribute('data-status')).toBe('uploading')
    await network.slow(null)
    await readyRow(page, 'harbour.jpg').waitFor()
    const { body } = await client.request<Described>('GET', `/v1/assets/${await idOf(page, 'harbour.jpg')}`)
    expect(body).toMatchObject({
      title: 'The harbour',
      altText: 'Boats at dawn',
      folder: '2026/summer',
      tags: expect.arrayContaining(['sea', 'dawn']),
    })
    expect(complaints).toEqual([])
  })

  it('gives the next files a preset, a folder and tags', async () => {
    const { page, complaints } = await open()
    await page.getByTestId('upload-settings').locator('summary').click()
    await page.getByTestId('next-preset').click()
    await page.getByRole('option', { name: 'avatar' }).click()
    await page.getByTestId('next-folder').fill('people')
    await page.getByTestId('next-tags').fill('team')
    await page.getByTestId('file-input').setInputFiles(await photo('face.jpg', 300))
    await readyRow(page, 'face.jpg').waitFor()
    const { body } = await client.request<Described>('GET', `/v1/assets/${await idOf(page, 'face.jpg')}`)
    expect(body).toMatchObject({ folder: 'people', tags: ['team'], preset: { name: 'avatar' } })
    expect(complaints).toEqual([])
  })

  it('shows a frame of a video before a byte of it was sent', async () => {
    const { page, complaints } = await open()
    const answer = await page.request.get(`${darkroom.url}/samples/clouds.mp4`)
    await page.route(`http://127.0.0.1:${home.storePort}/**`, () => undefined)
    const file = { name: 'clouds.mp4', mimeType: 'video/mp4', buffer: await answer.body() }
    await page.getByTestId('file-input').setInputFiles(file)
    const canvas = rowOf(page, 'clouds.mp4').locator('canvas')
    await expect.poll(() => canvas.getAttribute('width')).not.toBe('1')
    expect(complaints).toEqual([])
  })

  it('takes a photo from the camera of a phone', async () => {
    const { page } = await open(LOOKS[3])
    const input = page.getByTestId('camera-input')
    expect([await input.getAttribute('capture'), await input.getAttribute('accept')]).toEqual([
      'environment',
      'image/*',
    ])
    await input.setInputFiles(await photo('camera.jpg', 140))
    await readyRow(page, 'camera.jpg').waitFor()
  })
})
