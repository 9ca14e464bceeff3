import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { axeFaults } from './harness/axe.ts'
import {
  hasChromium,
  LOOKS,
  type Look,
  launchChromium,
  type OpenPage,
  openPage,
  overflow,
  shoot,
} from './harness/browser.ts'
import { type Client, createClient } from './harness/client.ts'
import { createHome, type Darkroom, type Home, startDarkroom } from './harness/darkroom.ts'
import { jpegFile, madePhoto } from './harness/photos.ts'

describe.skipIf(!hasChromium())('operations and the editor of presets in Chromium', () => {
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
    const photo = await madePhoto({ width: 900, height: 600 })
    for (const [index, name] of ['cut-1.jpg', 'cut-2.jpg'].entries())
      await settled(name, photo.slice(0, photo.length / 2 + index))
    await settled('beach.jpg', photo)
    await settled('wood.jpg', await madePhoto({ width: 800, height: 800, hue: 120 }))
  })

  afterEach(() => context?.close())

  afterAll(async () => {
    await browser?.close()
    await darkroom?.stop()
    await home?.remove()
  })

  async function settled(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { asset } = await client.upload(jpegFile(name, bytes))
    await client.settled(asset.id)
  }

  async function open(path: string, look: Look = LOOKS[0]): Promise<OpenPage> {
    const opened = await openPage(browser, darkroom.url + path, look)
    context = opened.context
    return opened
  }

  async function post(path: string, json: object = {}): Promise<void> {
    const { status, body } = await client.request('POST', path, { json })
    if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`)
  }

  /** What is around the page is tested with the frame. */
  const faultsInside = async (page: Page) =>
    (await axeFaults(page)).filter(fault => !fault.startsWith('moderate region'))
  const incident = (page: Page, kind: string): Locator => page.locator(`[data-testid=incident][data-kind=${kind}]`)

  it.each(LOOKS)('say first what is wrong, since when, whom it affects and what to do ($name)', async look => {
    await post('/v1/admin/queues/image/pause', { reason: 'moving the bucket' })
    const { asset } = await client.upload(jpegFile('waits.jpg', await madePhoto({ width: 600, height: 400, hue: 7 })))
    const { page, complaints } = await open('/operations', look)
    const paused = incident(page, 'paused')
    await paused.getByText('The image queue is paused').waitFor()
    const said = (await paused.textContent()) ?? ''
    for (const words of ['Since', 'Affects1 asset of 1 project', 'moving the bucket', 'What to do'])
      expect(said).toContain(words)
    await expect.poll(() => page.getByTestId('chart').count()).toBe(9)
    await page.locator('[data-testid=chart][data-title="Queue"] canvas').waitFor()
    await shoot(page, `operations-${look.name}-1-first`)
    expect(await overflow(page)).toBe(0)
    expect(await faultsInside(page)).toEqual([])
    await paused.getByTestId('resume').click()
    await page.getByTestId('all-well').waitFor()
    await client.settled(asset.id)
    await page.screenshot({ path: `test-results/operations-${look.name}-2-whole.png`, fullPage: true })
    expect(complaints).toEqual([])
  })

  it('group failures by cause, and requeue all of one after they showed what that means', async () => {
    const { page, complaints } = await open('/operations')
    const group = page.locator('[data-testid=failure-group]')
    await group.getByText('2 jobs').waitFor()
    expect(await group.count()).toBe(1)
    await group.getByTestId('requeue-all').click()
    await page.getByTestId('bulk-matched').getByText('2').waitFor()
    await page.getByTestId('confirm-bulk').click()
    await page.getByTestId('notice').getByText('Requeued 2 of 2 jobs').waitFor()
    await expect.poll(() => group.getByTestId('failure-jobs').textContent()).toBe('2 jobs')
    await group.getByRole('link', { name: /^cut-/ }).click()
    await page.getByTestId('explanation').waitFor()
    expect(complaints).toEqual([])
  })

  it.each(LOOKS)('have a log of what admins did ($name)', async look => {
    const { page, complaints } = await open('/operations', look)
    await page.getByTestId('open-audit').click()
    await page.locator('[data-testid=audit-entry][data-action=requeueJobs]').first().waitFor()
    await shoot(page, `audit-${look.name}`)
    expect(await overflow(page)).toBe(0)
    expect(await faultsInside(page)).toEqual([])
    await page.getByRole('link', { name: 'Pause queue' }).first().click()
    await page.getByTestId('audit-narrowed').getByText('action pauseQueue').waitFor()
    const actions = page.getByTestId('audit-entry')
    await expect
      .poll(() => actions.evaluateAll(all => [...new Set(all.map(each => each.getAttribute('data-action')))]))
      .toEqual(['pauseQueue'])
    await actions.first().getByText('Details').click()
    await page.getByTestId('audit-json').first().getByText('moving the bucket').waitFor()
    expect(complaints).toEqual([])
  })

  it.each(LOOKS)('a preset is edited with a preview of a real asset, and stored as a version ($name)', async look => {
    const name = `shots-${look.name}`
    await post('/v1/presets', {
      name,
      definition: { image: { variants: [{ name: 'thumb', width: 200, format: 'webp' }] } },
    })
    const { page, complaints } = await open(`/presets/${name}`, look)
    await page.getByTestId('edit-preset').click()
    const preview = page.getByTestId('preset-preview')
    const facts = page.getByTestId('preview-facts')
    await expect.poll(() => facts.textContent()).toMatch(/^200 × \d+, .*image\/webp/)

    await page.getByTestId('field-width').fill('0')
    await page
      .getByTestId('fault-width')
      .getByText(/expected/)
      .waitFor()
    expect(await page.getByTestId('save-preset').isDisabled()).toBe(true)
    await page.getByTestId('view-json').click()
    await page.getByTestId('json-faults').getByText('image.variants.0.width').waitFor()
    await shoot(page, `preset-editor-${look.name}-1-wrong`)
    const text = page.getByTestId('preset-json')
    await text.fill(
      (await text.inputValue()).replace('"width": 0', '"width": 120, "height": 120').replace('"inside"', '"cover"'),
    )
    await page.getByTestId('view-form').click()
    expect(await page.getByTestId('field-fit').inputValue()).toBe('cover')
    await expect.poll(() => facts.textContent()).toMatch(/^120 × 120, /)
    await expect.poll(() => preview.getAttribute('data-state')).toBe('made')
    await preview.getByTestId('sample').nth(1).click()
    await expect.poll(() => facts.textContent()).toMatch(/^120 × 120, /)
    const pixels = () =>
      page.getByTestId('preview-image').evaluate(image => (image instanceof HTMLImageElement ? image.naturalWidth : 0))
    await expect.poll(pixels).toBe(120)
    await shoot(page, `preset-editor-${look.name}-2-form`)
    expect(await overflow(page)).toBe(0)
    expect(await faultsInside(page)).toEqual([])

    await page.getByTestId('save-preset').click()
    await page.getByTestId('notice').getByText(`Stored ${name}@2`).waitFor()
    const paths = page.getByTestId('difference')
    await expect
      .poll(() => paths.evaluateAll(all => all.map(each => each.getAttribute('data-path')).toSorted()))
      .toEqual(['image.thumb.fit', 'image.thumb.height', 'image.thumb.width'])
    await shoot(page, `preset-editor-${look.name}-3-version`)
    // A draft that the service refuses is answered 400, which the browser notes.
    expect(complaints.filter(complaint => !/400/.test(complaint))).toEqual([])
  })
})
