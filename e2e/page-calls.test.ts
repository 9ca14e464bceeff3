import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, LOOKS, launchChromium, openPage } from './harness/browser.ts'
import { type Client, createClient } from './harness/client.ts'
import { createHome, type Darkroom, type Home, startDarkroom } from './harness/darkroom.ts'
import { jpegFile, madePhoto } from './harness/photos.ts'

/** What the page may load besides the API: itself, its documentation, and media. */
const OWN = /^\/(?:assets\/|samples\/|docs|favicon|theme\.js|s\/|v\/)/
const ID = /\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\/|$)/gi

describe.skipIf(!hasChromium())('the calls of the page', () => {
  let home: Home
  let darkroom: Darkroom
  let client: Client
  let browser: Browser
  let context: BrowserContext
  const called = new Set<string>()

  beforeAll(async () => {
    home = await createHome()
    darkroom = await startDarkroom(home)
    client = createClient(darkroom)
    browser = await launchChromium()
  })

  afterAll(async () => {
    await context?.close()
    await browser?.close()
    await darkroom?.stop()
    await home?.remove()
  })

  /** Opens every page, with something on it, and lets it ask for what it shows. */
  async function walk(page: Page, ids: { asset: string; webhook: string; project: string }): Promise<void> {
    const places = [
      ...['/', '/library', `/assets/${ids.asset}`, '/operations', `/operations/assets/${ids.asset}`, '/settings'],
      ...['failures', 'jobs', 'alarms', 'workers', 'quarantine', 'orphans', 'backfills', 'usage', 'audit'].map(
        part => `/operations/${part}`,
      ),
      ...['/presets', '/presets/default', '/webhooks', `/webhooks/${ids.webhook}`],
      ...['/projects', '/projects/keys', `/projects/${ids.project}`],
    ]
    for (const path of places) {
      await page.goto(darkroom.url + path)
      await page.getByRole('heading').first().waitFor()
      await page.waitForTimeout(500)
    }
  }

  it('are all in the OpenAPI document: it does nothing that others cannot', async () => {
    const { asset } = await client.upload(jpegFile('walk.jpg', await madePhoto({ width: 300, height: 200 })))
    await client.settled(asset.id)
    const webhook = await client.request<{ id: string }>('POST', '/v1/webhooks', {
      json: { url: 'https://example.com/hook' },
    })
    const projects = await client.request<{ items: { id: string }[] }>('GET', '/v1/admin/projects')
    const { page, context: opened } = await openPage(browser, darkroom.url, LOOKS[0])
    context = opened
    page.on('request', request => {
      const { origin, pathname } = new URL(request.url())
      if (origin === darkroom.url && !OWN.test(pathname)) called.add(`${request.method()} ${pathname}`)
    })
    await walk(page, { asset: asset.id, webhook: webhook.body.id, project: projects.body.items[0]?.id ?? '' })
    await page.goto(darkroom.url)
    await page.getByTestId('file-input').setInputFiles({
      name: 'sent.jpg',
      mimeType: 'image/jpeg',
      buffer: Buffer.from(await madePhoto({ width: 400, height: 300, hue: 60 })),
    })
    await page.locator('[data-testid=upload-row][data-status=ready]').waitFor()

    const { body: document } = await client.request<{ paths: Record<string, object> }>('GET', '/openapi.json')
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => ({
        name: `${method.toUpperCase()} ${path}`,
        pattern: new RegExp(`^${method.toUpperCase()} ${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
      })),
    )
    const api = [...called].filter(call => call.includes('/v1/'))
    const unknown = api.filter(call => !documented.some(({ pattern }) => pattern.test(call)))
    expect(unknown).toEqual([])
    expect(documented.filter(({ pattern }) => api.some(call => pattern.test(call))).length).toBeGreaterThan(15)
    // Everything else that was asked for is the page itself.
    const others = [...called].filter(call => !call.includes('/v1/')).map(call => call.replace(ID, '/ID'))
    expect(others.filter(call => !/^GET \/[a-z/-]*(?:ID)?$/i.test(call))).toEqual([])
  })
})
