import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { axeFaults } from './harness/axe.ts'
import { hasChromium, LOOKS, launchChromium, openPage, overflow, SCREENSHOTS } from './harness/browser.ts'
import { croppedFile, serveCropPage } from './harness/crop-page.ts'
import type { ServedPage } from './harness/sdk-page.ts'

const [WIDTH, HEIGHT] = [600, 400]

/** A PNG in which each pixel says where it is: red from left to right, green from top to bottom. */
function map(): Promise<Buffer> {
  const data = Buffer.alloc(WIDTH * HEIGHT * 3)
  for (let at = 0; at < WIDTH * HEIGHT; at++) {
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)]
    data.set([Math.floor((x * 255) / WIDTH), Math.floor((y * 255) / HEIGHT), 128], at * 3)
  }
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer()
}

/** By how much two images differ, on average of all pixels and channels. */
async function difference(a: Buffer, b: Buffer): Promise<number> {
  const [left, right] = await Promise.all([a, b].map(image => sharp(image).removeAlpha().raw().toBuffer()))
  expect(left?.length).toBe(right?.length)
  return (
    (left ?? Buffer.of()).reduce((sum, value, at) => sum + Math.abs(value - (right?.[at] ?? 0)), 0) /
    (left?.length || 1)
  )
}

describe.skipIf(!hasChromium())('CropDialog of the SDK in Chromium', () => {
  let browser: Browser
  let served: ServedPage
  let context: BrowserContext | undefined
  let image: Buffer

  beforeAll(async () => {
    browser = await launchChromium()
    served = await serveCropPage()
    image = await map()
  })
  afterEach(() => context?.close())
  afterAll(async () => {
    served?.close()
    await browser?.close()
  })

  async function open(query = '', { look = LOOKS[0] as (typeof LOOKS)[number], bytes = image, name = 'me.png' } = {}) {
    const opened = await openPage(browser, `${served.url}${query}`, look)
    context = opened.context
    const { page } = opened
    await page.getByLabel('Image').setInputFiles({ name, mimeType: 'image/png', buffer: bytes })
    await page.getByRole('dialog', { name: 'Crop the image' }).waitFor()
    return opened
  }

  const area = (page: Page) => page.locator('[data-darkroom-crop=area]')
  const crop = (page: Page) => page.getByRole('button', { name: 'Crop', exact: true }).click()

  it('yields the largest square in the middle, with the pixels of the input', async () => {
    const { page, complaints } = await open()
    await area(page).waitFor()
    await crop(page)
    const cropped = await croppedFile(page)
    const expected = { left: 100, top: 0, width: 400, height: 400 }
    expect(cropped).toMatchObject({ area: expected, rotation: 0, name: 'me.png', type: 'image/png' })
    expect(await difference(cropped.bytes, await sharp(image).extract(expected).png().toBuffer())).toBeLessThan(0.01)
    expect(complaints).toEqual([])
  })

  it('is moved, resized and turned by keys alone', async () => {
    const { page } = await open()
    await area(page).focus()
    await page.keyboard.press('Shift+ArrowLeft')
    for (let at = 0; at < 3; at++) await page.keyboard.press('-')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('r')
    // To the corners, and then the buttons.
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Resize at the top left')
    await page.keyboard.press('Shift+ArrowDown')
    await crop(page)
    const { area: part, rotation, bytes } = await croppedFile(page)
    expect(rotation).toBe(90)
    expect(part.width).toBe(part.height)
    expect(part.width).toBeLessThan(310)
    const expected = await sharp(image).rotate(90).png().toBuffer()
    expect(await difference(bytes, await sharp(expected).extract(part).png().toBuffer())).toBeLessThan(0.01)
  })

  it('is resized by handles and moved by a pointer, in any proportions', async () => {
    const { page } = await open()
    await page.getByLabel('Free').check()
    const stage = page.locator('[data-darkroom-crop=stage]')
    const box = await area(page).boundingBox()
    if (!box) throw new Error('nothing to crop')
    const drag = async (x: number, y: number, dx: number, dy: number) => {
      await page.mouse.move(x, y)
      await page.mouse.down()
      await page.mouse.move(x + dx, y + dy, { steps: 5 })
      await page.mouse.up()
    }
    const scale = box.width / WIDTH
    await drag(box.x + box.width - 1, box.y + box.height / 2, -box.width / 2, 0)
    await drag(box.x + box.width / 4, box.y + box.height - 1, 0, -box.height / 4)
    await drag(box.x + box.width / 4, box.y + box.height / 4, 60 * scale, 40 * scale)
    await page.screenshot({ path: join(SCREENSHOTS, 'crop-free.png') })
    await stage.hover()
    await page.mouse.wheel(0, -400)
    expect(Number(await page.getByLabel('Zoom').inputValue())).toBeGreaterThan(1.5)
    await crop(page)
    const { area: part, bytes } = await croppedFile(page)
    const expected = { left: 60, top: 40, width: 300, height: 300 }
    for (const side of ['left', 'top', 'width', 'height'] as const)
      expect([side, Math.abs(part[side] - expected[side])]).toEqual([side, expect.toSatisfy(value => value <= 3)])
    expect(await difference(bytes, await sharp(image).extract(part).png().toBuffer())).toBeLessThan(0.01)
  })

  it('shrinks to what is asked for, and keeps proportions', async () => {
    const { page } = await open('?aspect=2&maxSide=120')
    await area(page).waitFor()
    await crop(page)
    const { bytes, area: part } = await croppedFile(page)
    expect(part).toEqual({ left: 0, top: 50, width: 600, height: 300 })
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 120, height: 60 })
    const expected = await sharp(image).extract(part).resize(120, 60).png().toBuffer()
    expect(await difference(bytes, expected)).toBeLessThan(2)
  })

  it('shows a photo upright as its metadata says, and leaves the metadata out', async () => {
    const { page } = await open('?aspect=1.5', {
      bytes: await sharp(image).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer(),
      name: 'phone.jpg',
    })
    await area(page).waitFor()
    await crop(page)
    const { bytes, area: part } = await croppedFile(page)
    expect(part.width).toBe(400)
    const { exif, orientation } = await sharp(bytes).metadata()
    expect([exif, orientation]).toEqual([undefined, undefined])
    const expected = await sharp(image).rotate(90).png().toBuffer()
    expect(await difference(bytes, await sharp(expected).extract(part).png().toBuffer())).toBeLessThan(4)
  })

  it('is cancelled by Escape, and says what it cannot show', async () => {
    const { page } = await open()
    await area(page).waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('cancelled').waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.getByLabel('Image').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('none') })
    await page.getByText('This browser cannot show this image.').waitFor()
  })

  it.each(LOOKS)('has no fault that axe finds ($name)', async look => {
    const { page } = await open('', { look })
    await area(page).waitFor()
    await page.screenshot({ path: join(SCREENSHOTS, `crop-${look.name}.png`) })
    expect(await axeFaults(page, 'dialog')).toEqual([])
    expect(await overflow(page)).toBe(0)
  })
})
