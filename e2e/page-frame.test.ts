import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { axeFaults } from './harness/axe.ts'
import { hasChromium, LOOKS, launchChromium, type OpenPage, openPage, overflow, shoot } from './harness/browser.ts'
import { type Client, createClient } from './harness/client.ts'
import { createHome, type Darkroom, type Home, startDarkroom } from './harness/darkroom.ts'
import { jpegFile, madePhoto } from './harness/photos.ts'

describe.skipIf(!hasChromium())('the frame of the page in Chromium', () => {
  let home: Home
  let darkroom: Darkroom
  let client: Client
  let browser: Browser
  let context: BrowserContext | undefined
  let assetId: string

  beforeAll(async () => {
    home = await createHome()
    darkroom = await startDarkroom(home)
    client = createClient(darkroom)
    browser = await launchChromium()
    const { asset } = await client.upload(jpegFile('harbour at dawn.jpg', await madePhoto({ width: 600, height: 400 })))
    await client.settled(asset.id)
    assetId = asset.id
  })

  afterEach(() => context?.close())

  afterAll(async () => {
    await browser?.close()
    await darkroom?.stop()
    await home?.remove()
  })

  async function open(path = '/', look: (typeof LOOKS)[number] = LOOKS[0]): Promise<OpenPage> {
    const opened = await openPage(browser, darkroom.url + path, look)
    context = opened.context
    return opened
  }

  const pathOf = (page: Page) => new URL(page.url()).pathname
  const background = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)

  async function post<T>(path: string, json: object): Promise<T> {
    const { status, body } = await client.request<T>('POST', path, { json })
    if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`)
    return body
  }

  /** Opens the page with a key that may only do some things, as it is after a reload of a tab that has it. */
  async function openWith(key: string): Promise<OpenPage> {
    const opened = await open('/settings')
    await opened.page.evaluate(key => sessionStorage.setItem('darkroom.apiKey', key), key)
    await opened.page.reload()
    await opened.page.getByTestId('this-key').waitFor()
    return opened
  }

  it.each([LOOKS[0], LOOKS[3]])('leads to every part, each with its own address and title ($name)', async look => {
    const { page, complaints } = await open('/', look)
    const isPhone = look.viewport.width < 768
    const places = {
      library: ['/library', 'Library'],
      operations: ['/operations', 'Operations'],
      presets: ['/presets', 'Presets'],
      webhooks: ['/webhooks', 'Webhooks'],
      projects: ['/projects', 'Projects'],
      settings: ['/settings', 'Settings'],
      upload: ['/', null],
    } as const
    for (const [name, [path, title]] of Object.entries(places)) {
      const link = page.getByTestId(`go-${name}`)
      if (isPhone && (await link.count()) === 0) await page.getByTestId('go-more').click()
      await link.click()
      await expect.poll(() => pathOf(page)).toBe(path)
      await expect.poll(() => page.title()).toBe(title ? `${title} · Darkroom` : 'Darkroom')
      expect.soft(await overflow(page), path).toBe(0)
    }
    await page.goBack()
    await expect.poll(() => pathOf(page)).toBe('/settings')
    expect(complaints).toEqual([])
  })

  it('leads on from the addresses of before', async () => {
    const { page } = await open('/admin?status=all')
    await expect.poll(() => page.url()).toBe(`${darkroom.url}/operations?status=all`)
    await page.goto(`${darkroom.url}/admin/assets/${assetId}`)
    await page.getByTestId('explanation').waitFor()
    expect(pathOf(page)).toBe(`/operations/assets/${assetId}`)
  })

  it('keeps the chosen colours from the first paint on, whatever the system prefers', async () => {
    const { page, complaints } = await open('/settings')
    const light = await background(page)
    await page.getByTestId('theme-menu').click()
    await page.getByRole('menuitemradio', { name: 'Dark' }).click()
    await expect.poll(() => background(page)).not.toBe(light)
    const dark = await background(page)
    // Before any script of the page ran.
    await page.route('**/assets/*.js', route => route.abort())
    await page.goto(darkroom.url)
    expect(await background(page)).toBe(dark)
    await page.unroute('**/assets/*.js')
    await page.goto(`${darkroom.url}/settings`)
    await page.getByTestId('theme').click()
    await page.getByRole('option', { name: 'System' }).click()
    await expect.poll(() => background(page)).toBe(light)
    expect(complaints.filter(complaint => !complaint.includes('ERR_FAILED'))).toEqual([])
  })

  it.each([LOOKS[0], LOOKS[3]])('finds an asset by name and by id, by keyboard alone ($name)', async look => {
    const { page, complaints } = await open('/presets', look)
    await page.getByRole('heading', { name: 'Presets' }).waitFor()
    await page.keyboard.press('Control+k')
    const input = page.getByTestId('palette-input')
    await input.waitFor()
    await page.keyboard.type('harb')
    await page.getByTestId('palette-item').filter({ hasText: 'harbour' }).waitFor()
    expect(await axeFaults(page)).toEqual([])
    await shoot(page, `${look.name}-palette`)
    await page.keyboard.press('Enter')
    await expect.poll(() => pathOf(page)).toBe(`/assets/${assetId}`)

    await page.keyboard.press('Control+k')
    await input.fill(assetId)
    await page.getByTestId('palette-item').filter({ hasText: 'harbour' }).waitFor()
    await page.keyboard.press('Escape')
    await input.waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  it('goes to pages and does what asks once more first, from the palette', async () => {
    const { page, complaints } = await open()
    await page.getByTestId('open-palette').click()
    const input = page.getByTestId('palette-input')
    await input.fill('webh')
    await page.keyboard.press('Enter')
    await expect.poll(() => pathOf(page)).toBe('/webhooks')
    const choose = async (text: string) => {
      await page.keyboard.press('Control+k')
      await input.fill(text)
      await page.keyboard.press('Enter')
    }
    await choose('pause all')
    await page.getByTestId('confirm-pause-all').click()
    await page.getByTestId('notice').getByText('Paused all queues.').waitFor()
    await choose('resume all')
    await page.getByTestId('notice').getByText('Resumed all queues.').waitFor()
    await choose('requeue failed')
    await page.getByTestId('requeue-all').getByText('0 jobs have failed.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('requeue-all').waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  it('offers a key what it may do, and says why it may not do the rest', async () => {
    const { key } = await post<{ key: string }>('/v1/keys', { name: 'reader', scopes: ['read'] })
    const { page, complaints } = await openWith(key)
    const granted = await page
      .getByTestId('scope')
      .evaluateAll(scopes => scopes.flatMap(scope => (scope.dataset.granted === 'true' ? scope.dataset.name : [])))
    expect(granted).toEqual(['read'])
    expect(await page.getByTestId('no-operations').textContent()).toContain('does not have the scope “admin”')
    expect(await page.getByTestId('go-operations').count()).toBe(0)
    await page.keyboard.press('Control+k')
    await page.getByTestId('palette-input').fill('requeue')
    await page.getByText('Nothing has this name.').waitFor()
    await shoot(page, 'desktop-light-reader')
    await page.keyboard.press('Escape')
    expect(await axeFaults(page)).toEqual([])
    expect(complaints).toEqual([])
  })

  it.each([LOOKS[0], LOOKS[3]])('switches an operator to another project and back ($name)', async look => {
    const name = `shop-${look.name}`
    await post('/v1/admin/projects', { name })
    const { page, complaints } = await open('/library', look)
    await page.getByTestId('library-item').waitFor()
    const switchTo = async (name: string) => {
      await page.getByTestId('project-switcher').click()
      await page.getByRole('menuitemradio', { name }).click()
    }
    await switchTo(name)
    await page.getByTestId('project-switcher').getByText(name).waitFor()
    await page.getByTestId('library-item').waitFor({ state: 'detached' })
    await page.reload()
    await page.getByTestId('project-switcher').getByText(name).waitFor()
    await shoot(page, `${look.name}-switched`)
    expect(await overflow(page)).toBe(0)
    await switchTo('default')
    await page.getByTestId('library-item').waitFor()
    expect(complaints).toEqual([])
  })

  it('reaches every one of many projects, by scrolling in the menu and by name in the palette', async () => {
    // More than a page of the list.
    for (let n = 0; n < 60; n += 1) await post('/v1/admin/projects', { name: `tenant-${String(n).padStart(2, '0')}` })
    const { page, complaints } = await open('/settings')
    await page.getByTestId('project-switcher').click()
    await page.getByRole('menuitemradio').first().waitFor()
    const last = page.getByRole('menuitemradio', { name: 'tenant-59' })
    await expect
      .poll(async () => {
        await page.getByRole('menuitemradio').last().scrollIntoViewIfNeeded()
        return last.count()
      })
      .toBe(1)
    expect(await page.getByRole('menuitemradio').count()).toBeGreaterThan(60)
    await page.keyboard.press('Escape')
    await page.reload()
    await page.getByTestId('open-palette').click()
    await page.getByTestId('palette-input').fill('tenant-58')
    await page.getByTestId('palette-item').filter({ hasText: 'tenant-58' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByTestId('project-switcher').getByText('tenant-58').waitFor()
    expect(complaints).toEqual([])
  })
})
