import { join } from 'node:path'
import type { Browser, BrowserContext } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chooseAction, expectImages, openAssetPage } from './harness/asset-page.ts'
import { axeFaults } from './harness/axe.ts'
import { hasChromium, LOOKS, launchChromium, loadedImages, SAMPLE_LOOKS, SCREENSHOTS } from './harness/browser.ts'
import type { Asset } from './harness/contract.ts'
import { type Installation, install, uninstall } from './harness/installation.ts'
import { jpegFile, madePhoto } from './harness/photos.ts'

/** What the contract says besides of what people wrote. */
interface Described extends Asset {
  title: string | null
  altText: string | null
  folder: string
  tags: string[]
  externalId: string | null
  focalPoint: { x: number; y: number } | null
}

const BANDS = { red: '#d02020', green: '#20a040', blue: '#2040d0' }

/** Makes a photo of three bands from left to right: red, green, blue. */
async function bands(): Promise<Uint8Array<ArrayBuffer>> {
  const [width, height] = [400, 400]
  const layers = Object.values(BANDS).map((background, at) => ({
    input: { create: { width, height, channels: 3 as const, background } },
    left: at * width,
    top: 0,
  }))
  const image = sharp({ create: { width: width * 3, height, channels: 3, background: '#000' } }).composite(layers)
  return new Uint8Array(await image.jpeg({ quality: 95 }).toBuffer())
}

describe.skipIf(!hasChromium())('what is done on the page of an asset in Chromium', () => {
  let installation: Installation
  let browser: Browser
  let context: BrowserContext | undefined

  beforeAll(async () => {
    installation = await install()
    browser = await launchChromium()
  })

  afterEach(() => context?.close())

  afterAll(async () => {
    await browser?.close()
    if (installation) await uninstall(installation)
  })

  async function upload(name: string, bytes?: Uint8Array<ArrayBuffer>, more: object = {}): Promise<Asset> {
    const { client } = installation
    const hue = name.length * 17
    const { asset } = await client.upload(
      jpegFile(name, bytes ?? (await madePhoto({ width: 900, height: 600, hue }))),
      more,
    )
    return client.settled(asset.id)
  }

  async function open(asset: Asset, look: (typeof LOOKS)[number] = LOOKS[0]) {
    const opened = await openAssetPage(browser, installation.darkroom.url, asset.id, look)
    context = opened.context
    return opened
  }

  const read = (id: string) => installation.client.readAsset(id) as Promise<Described>

  it('changes only what was edited, and what another client changed meanwhile stays', async () => {
    const asset = await upload('edited.jpg', undefined, { tags: ['sea', 'dusk'], folder: '2026' })
    const { page, complaints } = await open(asset)
    const details = page.getByTestId('details')
    await details.getByLabel('Title').fill('Beach')
    await details.getByLabel('Alt text').fill('Waves at dusk')
    await details.getByLabel('Tags').fill('sea, waves')
    await installation.client.request('PATCH', `/v1/assets/${asset.id}`, {
      json: { addTags: ['found'], folder: '2027' },
    })
    await page.getByTestId('save-details').click()
    await page.getByTestId('notice').getByText('Saved.').waitFor()
    expect(await read(asset.id)).toMatchObject({
      title: 'Beach',
      altText: 'Waves at dusk',
      tags: ['sea', 'found', 'waves'],
      folder: '2027',
    })
    await page.getByRole('heading', { level: 1, name: 'Beach' }).waitFor()
    await expect.poll(() => details.getByLabel('Folder').inputValue()).toBe('2027')
    await details.getByLabel('It is decoration').check()
    await page.getByTestId('save-details').click()
    await expect.poll(async () => (await read(asset.id)).altText).toBe('')
    expect(complaints).toEqual([])
  })

  it('aims every crop at a point that is clicked, and shows each crop before', async () => {
    const asset = await upload('bands.jpg', await bands())
    const { page, complaints } = await open(asset)
    const thumbColor = async () => {
      const { url } = (await read(asset.id)).variants.find(({ name }) => name === 'thumb') ?? { url: '' }
      const { body } = await installation.client.download(url)
      const [red = 0, green = 0, blue = 0] = await sharp(body)
        .extract({ left: 128, top: 128, width: 1, height: 1 })
        .raw()
        .toBuffer()
      return [red > 128, green > 128, blue > 128]
    }
    expect(await thumbColor()).toEqual([false, true, false])
    const picker = page.getByTestId('point-picker')
    const { width = 0, height = 0 } = (await picker.boundingBox()) ?? {}
    await picker.click({ position: { x: width * 0.9, y: height / 2 } })
    const place = () =>
      page.locator('[data-testid=crop][data-ratio=thumb]').evaluate(image => getComputedStyle(image).objectPosition)
    await expect.poll(place).toBe('100% 50%')
    await page.keyboard.press('Shift+ArrowLeft')
    expect(await picker.getAttribute('aria-valuetext')).toMatch(/^80 % from the left, 50 % from the top$/)
    await page.keyboard.press('Shift+ArrowRight')
    await page.screenshot({ path: join(SCREENSHOTS, 'asset-focal.png'), fullPage: true })
    await page.getByTestId('save-focal').click()
    await expect.poll(thumbColor).toEqual([false, false, true])
    const { focalPoint } = await read(asset.id)
    expect(focalPoint?.x).toBeCloseTo(0.9, 1)
    await page.getByTestId('remove-focal').click()
    await expect.poll(thumbColor).toEqual([false, true, false])
    expect(complaints).toEqual([])
  })

  it('reprocesses by another preset, and shows what is different', async () => {
    const asset = await upload('again.jpg')
    const { page, complaints } = await open(asset)
    await chooseAction(page, 'reprocess')
    await page.getByTestId('reprocess-preset').click()
    await page.getByRole('option', { name: 'avatar' }).click()
    await page.getByTestId('start-reprocess').click()
    const changes = page.getByTestId('changes')
    await changes.waitFor()
    const whatOf = (name: string) => changes.locator(`[data-name=${name}]`).getAttribute('data-what')
    expect([await whatOf('avatar-256'), await whatOf('thumb')]).toEqual(['added', 'removed'])
    expect((await read(asset.id)).variants.map(({ name }) => name)).toContain('avatar-64')
    await page.screenshot({ path: join(SCREENSHOTS, 'asset-changes.png') })
    expect(complaints).toEqual([])
  })

  it('is looked at quickly from the list by the space bar, which also closes it', async () => {
    const [first, second] = [await upload('quick-a.jpg'), await upload('quick-b.jpg')]
    const { page, complaints } = await open(first)
    await page.getByTestId('go-library').click()
    const tile = (id: string) => page.locator(`[data-testid=library-item][data-asset-id="${id}"]`)
    await tile(second.id).focus()
    await page.keyboard.press('Space')
    const look = page.getByTestId('quick-look')
    await look.getByText('quick-b.jpg').first().waitFor()
    await expect.poll(() => loadedImages(look)).toBeGreaterThan(0)
    expect(await axeFaults(page, '[data-testid=quick-look]')).toEqual([])
    await page.screenshot({ path: join(SCREENSHOTS, 'asset-quick-look.png') })
    await page.keyboard.press('ArrowRight')
    await look.getByText('quick-a.jpg').first().waitFor()
    await page.keyboard.press('Space')
    await look.waitFor({ state: 'detached' })
    expect(await look.count()).toBe(0)
    expect(complaints).toEqual([])
  })

  it('makes an avatar of a square of it, as a new asset', async () => {
    const asset = await upload('portrait.jpg', await bands(), { folder: 'people' })
    const { page, complaints } = await open(asset)
    await chooseAction(page, 'avatar')
    const area = page.locator('[data-darkroom-crop=area]')
    await area.focus()
    for (let at = 0; at < 15; at++) await page.keyboard.press('Shift+ArrowRight')
    expect(await axeFaults(page, 'dialog[open]')).toEqual([])
    await page.screenshot({ path: join(SCREENSHOTS, 'asset-avatar.png') })
    await page.getByRole('button', { name: 'Crop', exact: true }).click()
    await expect.poll(() => new URL(page.url()).pathname).not.toContain(asset.id)
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    const made = await installation.client.settled(id)
    expect(made).toMatchObject({ status: 'ready', width: 400, height: 400, folder: 'people' })
    const { url } = made.variants.find(({ name }) => name === 'avatar-256') ?? { url: '' }
    const { body } = await installation.client.download(url)
    const [red = 0, green = 0, blue = 0] = await sharp(body).raw().toBuffer()
    expect([red > 128, green > 128, blue > 128]).toEqual([false, false, true])
    expect(complaints).toEqual([])
  })

  it('shares a file for a day, which anybody can open until it is revoked', async () => {
    const asset = await upload('shared.jpg')
    const { page, complaints } = await open(asset)
    await page.getByTestId('share').click()
    await page.getByLabel('Downloads at most').fill('5')
    await page.getByTestId('create-share').click()
    const url = (await page.getByTestId('share-url').textContent()) ?? ''
    expect((await fetch(url)).headers.get('content-type')).toBe('image/jpeg')
    await page.getByTestId('copy-share').click()
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(url)
    const { body } = await installation.client.request<{ items: { expiresAt: string; maxDownloads: number }[] }>(
      'GET',
      `/v1/assets/${asset.id}/shares`,
    )
    const [share] = body.items
    expect(share?.maxDownloads).toBe(5)
    expect(Date.parse(share?.expiresAt ?? '') - Date.now()).toBeGreaterThan(23 * 3_600_000)
    await page.screenshot({ path: join(SCREENSHOTS, 'asset-share.png') })
    await page.getByTestId('revoke-share').click()
    await page.getByTestId('share-item').waitFor({ state: 'detached' })
    expect((await fetch(url)).status).toBe(410)
    expect(complaints).toEqual([])
  })

  it('replaces the file: the new asset has the texts and the id of yours, the former one is gone', async () => {
    const asset = await upload('former.jpg', undefined, { title: 'Poster', tags: ['wall'], externalId: 'poster-1' })
    const { page } = await open(asset)
    await chooseAction(page, 'replace')
    const buffer = Buffer.from(await madePhoto({ width: 640, height: 480, hue: 200 }))
    await page.getByTestId('replace-file').setInputFiles({ name: 'new.jpg', mimeType: 'image/jpeg', buffer })
    await page.getByTestId('confirm-replace-dialog').click()
    await page.getByTestId('notice').getByText('Replaced former.jpg.').waitFor()
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    expect(id).not.toBe(asset.id)
    expect(await read(id)).toMatchObject({
      filename: 'new.jpg',
      title: 'Poster',
      tags: ['wall'],
      externalId: 'poster-1',
      status: 'ready',
    })
    await expect.poll(async () => (await installation.client.request('GET', `/v1/assets/${asset.id}`)).status).toBe(410)
  })

  it('deletes after a question, and takes down for a reason', async () => {
    const [deleted, taken] = [await upload('deleted.jpg'), await upload('takendown.jpg')]
    const { page } = await open(deleted)
    await chooseAction(page, 'delete')
    await page.getByTestId('cancel-delete-asset').click()
    expect((await read(deleted.id)).status).toBe('ready')
    await chooseAction(page, 'delete')
    await page.getByTestId('confirm-delete-asset').click()
    await expect.poll(() => new URL(page.url()).pathname).toBe('/library')
    await expect
      .poll(async () => (await installation.client.request('GET', `/v1/assets/${deleted.id}`)).status)
      .toBe(410)

    await page.goto(`${installation.darkroom.url}/assets/${taken.id}`)
    await chooseAction(page, 'takedown')
    await page.getByLabel('Reason').fill('Notice 2026-118')
    await page.getByTestId('confirm-takedown-dialog').click()
    await expect.poll(() => new URL(page.url()).pathname).toBe('/library')
    expect((await installation.client.request('GET', `/v1/assets/${taken.id}`)).status).toBe(410)
  })

  it.each(SAMPLE_LOOKS)('asks in dialogs without a fault that axe finds ($name)', async look => {
    const { page } = await open(await upload(`dialogs-${look.name}.jpg`), look)
    await expectImages(page, 2)
    const check = async (name: string, dialog: string) => {
      await page.getByTestId(dialog).waitFor()
      expect([name, await axeFaults(page, `[data-testid=${dialog}]`)]).toEqual([name, []])
      await page.keyboard.press('Escape')
      await page.getByTestId(dialog).waitFor({ state: 'detached' })
    }
    await page.getByTestId('share').click()
    await check('share', 'share-dialog')
    for (const [action, dialog] of [
      ['reprocess', 'reprocess-dialog'],
      ['replace', 'replace-dialog'],
      ['takedown', 'takedown-dialog'],
      ['delete', 'delete-asset'],
    ] as const) {
      await chooseAction(page, action)
      await check(action, dialog)
    }
  })
})
