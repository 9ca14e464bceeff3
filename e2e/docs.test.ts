import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { axeFaults } from './harness/axe.ts'
import {
  hasChromium,
  LOOKS,
  type Look,
  launchChromium,
  openPage,
  overflow,
  SAMPLE_LOOKS,
  SCREENSHOTS,
} from './harness/browser.ts'
import { sharedInstallation } from './harness/installation.ts'
import { amount } from './harness/samples.ts'

describe.skipIf(!hasChromium())('/docs in Chromium', () => {
  const darkroom = sharedInstallation()
  let browser: Browser
  let context: BrowserContext | undefined

  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterEach(() => context?.close())
  afterAll(() => browser?.close())

  async function open(look: Look = LOOKS[0], hash = '') {
    const opened = await openPage(browser, `${darkroom.url}/docs${hash}`, look)
    context = opened.context
    return opened
  }

  const openAll = (page: Page) =>
    page.evaluate(() => {
      for (const each of document.querySelectorAll('details')) each.open = true
    })

  it.each(SAMPLE_LOOKS)('has our name and fits ($name)', async look => {
    const { page, complaints } = await open(look)
    expect(await page.title()).toBe('Darkroom API reference')
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Darkroom API')
    // What is in the window: all of it is more than an image can hold.
    await page.screenshot({ path: join(SCREENSHOTS, `docs-${look.name}.png`) })
    await openAll(page)
    expect(await overflow(page)).toBe(0)
    expect(complaints).toEqual([])
  })

  /** Leaves one article in so many: axe takes ten seconds of CPU time for all of them. */
  const thinOut = (page: Page, every: number) =>
    page.evaluate(step => {
      for (const [index, article] of document.querySelectorAll('main article').entries())
        if (index % step > 0) article.remove()
    }, every)

  it.each([
    { ...LOOKS[0], every: 1 },
    { ...LOOKS[3], every: amount(8, 1) },
  ])('has nothing that axe finds, with all that can be opened ($name)', async ({ every, ...look }) => {
    const { page } = await open(look)
    await openAll(page)
    await thinOut(page, every)
    expect(await axeFaults(page)).toEqual([])
  })

  it('explains the errors on a page that fits and has nothing that axe finds', async () => {
    const { page, complaints } = await openPage(browser, `${darkroom.url}/docs/errors#unsupported_type`, LOOKS[3])
    context = page.context()
    expect(await page.locator('article:target h2').textContent()).toBe('UNSUPPORTED_TYPE')
    await page.screenshot({ path: join(SCREENSHOTS, 'docs-errors.png') })
    expect(await overflow(page)).toBe(0)
    expect(await axeFaults(page)).toEqual([])
    expect(complaints).toEqual([])
  })

  it('asks nobody else for anything, and runs no script', async () => {
    const { page } = await open()
    const asked: string[] = []
    page.on('request', request => asked.push(request.url()))
    await page.reload({ waitUntil: 'networkidle' })
    expect(asked.filter(url => !url.startsWith(`${darkroom.url}/`))).toEqual([])
    expect(await page.locator('script').count()).toBe(0)
  })

  it('has every operation and every message, each at an address of its own', async () => {
    const contract = await (await fetch(`${darkroom.url}/openapi.json`)).json()
    const operations = Object.values<Record<string, { operationId: string }>>(contract.paths).flatMap(Object.values)
    const { page } = await open()
    const ids = await page.locator('main article').evaluateAll(articles => articles.map(({ id }) => id))
    expect(ids).toEqual(expect.arrayContaining(operations.map(({ operationId }) => operationId)))
    expect(ids).toEqual(expect.arrayContaining(Object.keys(contract.components.schemas).map(name => `schema-${name}`)))
    const dead = await page
      .locator('a[href^="#"]')
      .evaluateAll(links =>
        links.map(link => link.getAttribute('href') ?? '').filter(to => !document.querySelector(to)),
      )
    expect(dead).toEqual([])
    await page.goto(`${darkroom.url}/docs#confirmUpload`)
    expect(await page.locator('article:target h3').textContent()).toBe('Confirm an upload')
  })

  it('can be used with the keyboard alone', async () => {
    const { page } = await open()
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content')
    const group = page.locator('nav summary').first()
    await group.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Create an upload', exact: true }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toMatch(/#createUpload$/)
  })

  it('and no other page may talk to anybody but the API and the store', async () => {
    const { page, complaints } = await openPage(browser, darkroom.url, LOOKS[0])
    context = page.context()
    const csp = () => complaints.filter(each => each.startsWith('CSP'))
    const reach = (url: string) =>
      page.evaluate(
        to =>
          fetch(to, { mode: 'no-cors' }).then(
            () => 'reached',
            () => 'refused',
          ),
        url,
      )
    const { upload } = await page.evaluate(async () => {
      const answer = await fetch('/v1/uploads', {
        method: 'POST',
        headers: { authorization: 'Bearer dk_local_development', 'content-type': 'application/json' },
        body: JSON.stringify({ filename: 'a.jpg', contentType: 'image/jpeg', byteSize: 3 }),
      })
      return answer.json()
    })
    expect(await reach(`${darkroom.url}/v1/status`)).toBe('reached')
    expect(await reach(upload.url)).toBe('reached')
    expect(csp()).toEqual([])
    expect(await reach('http://127.0.0.1:9/')).toBe('refused')
    await expect.poll(() => csp()).toEqual(['CSP: connect-src blocked http://127.0.0.1:9/'])
  })
})
