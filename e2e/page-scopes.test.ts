import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { dropFile, hasChromium, LOOKS, launchChromium, type OpenPage, openPage, shoot } from './harness/browser.ts'
import { type Client, createClient } from './harness/client.ts'
import { createHome, type Darkroom, type Home, startDarkroom } from './harness/darkroom.ts'
import { jpegFile, madePhoto } from './harness/photos.ts'

type Scope = 'upload' | 'read' | 'write' | 'admin'

/** The ids of what the pages show. */
interface Ids {
  asset: string
  webhook: string
}

interface Place {
  path: (ids: Ids) => string
  /** Without this scope, the page says that in place of everything. */
  needs: Scope | null
  /** What is there once the page has come, for a key that may see it. */
  shows: string
  /** Brings up what is only there after a click. */
  act?: (page: Page) => Promise<void>
  /** What is offered, by the scopes that it takes. */
  offers: Record<string, Scope[]>
}

const PLACES: Place[] = [
  {
    path: () => '/',
    needs: null,
    shows: 'upload-or-not',
    offers: { dropzone: ['upload'], 'upload-settings': ['upload'], 'go-upload': ['upload'], remove: ['read', 'write'] },
  },
  {
    path: () => '/library',
    needs: 'read',
    shows: 'asset-view',
    async act(page) {
      // The page before has items too.
      await page.getByTestId('asset-view').getByTestId('library-item').first().focus()
      await page.keyboard.press('x')
      await page.getByTestId('bulk-bar').waitFor()
    },
    offers: {
      'bulk-tag': ['write'],
      'bulk-move': ['write'],
      'bulk-share': ['write'],
      'bulk-delete': ['write'],
      'bulk-download': ['read'],
    },
  },
  {
    path: ({ asset }) => `/assets/${asset}`,
    needs: 'read',
    shows: 'viewer',
    async act(page) {
      await page.getByTestId('asset-menu').click()
      await page.getByTestId('download').waitFor()
    },
    offers: {
      download: ['read'],
      share: ['write'],
      reprocess: ['write'],
      delete: ['write'],
      'save-details': ['write'],
      'save-focal': ['write'],
      avatar: ['upload'],
      replace: ['upload', 'write'],
      takedown: ['admin'],
    },
  },
  { path: () => '/presets', needs: 'read', shows: 'preset', offers: { 'new-preset': ['write'] } },
  {
    path: () => '/presets/default',
    needs: 'read',
    shows: 'definition',
    async act(page) {
      await page.getByTestId('make-plan').click()
      await page.getByTestId('plan-result').waitFor()
    },
    offers: { 'edit-preset': ['write'], apply: ['admin'] },
  },
  { path: () => '/presets/default/edit', needs: 'write', shows: 'variant-form', offers: {} },
  {
    path: () => '/webhooks',
    needs: 'read',
    shows: 'webhook',
    offers: { 'add-webhook': ['write'], ping: ['write'], 'switch-webhook': ['write'], 'delete-webhook': ['write'] },
  },
  {
    path: ({ webhook }) => `/webhooks/${webhook}`,
    needs: 'read',
    shows: 'deliveries',
    offers: { ping: ['write'], replay: ['write'], 'rotate-webhook': ['write'] },
  },
  { path: () => '/operations', needs: 'admin', shows: 'job', offers: {} },
  { path: () => '/operations/audit', needs: 'admin', shows: 'audit-entry', offers: {} },
  { path: ({ asset }) => `/operations/assets/${asset}`, needs: 'admin', shows: 'summary', offers: {} },
  { path: () => '/projects/keys', needs: 'admin', shows: 'key', offers: { 'create-key': ['admin'] } },
  { path: () => '/settings', needs: null, shows: 'this-key', offers: {} },
]

const KEYS: Record<string, Scope[]> = {
  reader: ['read'],
  writer: ['read', 'write'],
  sender: ['upload'],
}

describe.skipIf(!hasChromium())('what the page offers to a key', () => {
  let home: Home
  let darkroom: Darkroom
  let client: Client
  let browser: Browser
  let context: BrowserContext | undefined
  let ids: Ids
  const keys: Record<string, string> = {}

  beforeAll(async () => {
    home = await createHome()
    darkroom = await startDarkroom(home)
    client = createClient(darkroom)
    browser = await launchChromium()
    const { asset } = await client.upload(jpegFile('harbour.jpg', await madePhoto({ width: 600, height: 400 })))
    await client.settled(asset.id)
    const webhook = await post<{ id: string }>('/v1/webhooks', { url: 'https://example.com/hook' })
    ids = { asset: asset.id, webhook: webhook.id }
    for (const [name, scopes] of Object.entries(KEYS)) {
      keys[name] = (await post<{ key: string }>('/v1/keys', { name, scopes })).key
    }
  })

  afterEach(() => context?.close())

  afterAll(async () => {
    await browser?.close()
    await darkroom?.stop()
    await home?.remove()
  })

  async function post<T>(path: string, json: object): Promise<T> {
    const { status, body } = await client.request<T>('POST', path, { json })
    if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`)
    return body
  }

  async function openWith(name: string, look: (typeof LOOKS)[number] = LOOKS[0]): Promise<OpenPage> {
    const opened = await openPage(browser, `${darkroom.url}/settings`, look)
    context = opened.context
    await opened.page.evaluate(key => sessionStorage.setItem('darkroom.apiKey', key), keys[name] ?? '')
    await opened.page.reload()
    await opened.page.getByTestId('this-key').waitFor()
    return opened
  }

  /** Goes to a page within the page, so that its code stays loaded. */
  async function goTo(page: Page, path: string): Promise<void> {
    await page.evaluate(path => {
      history.pushState({}, '', path)
      dispatchEvent(new PopStateEvent('popstate'))
    }, path)
  }

  it.each(Object.entries(KEYS))(
    'is on every page what it may do, and nothing else: a %s',
    async (name, scopes) => {
      const { page, complaints } = await openWith(name)
      const may = (needed: readonly Scope[]) => needed.every(scope => scopes.includes(scope))
      for (const { path, needs, shows, act, offers } of PLACES) {
        const at = path(ids)
        await goTo(page, at)
        if (needs && !may([needs])) {
          await page.getByTestId('no-scope').getByText(`“${needs}”`).waitFor()
          await page.getByRole('heading', { level: 1 }).waitFor()
          expect.soft(await page.getByTestId('no-scope').count(), at).toBe(1)
          continue
        }
        const comes = shows === 'upload-or-not' ? (may(['upload']) ? 'dropzone' : 'no-scope') : shows
        await page.getByTestId(comes).first().waitFor()
        if (at === '/' && may(['read'])) await page.getByTestId('library-item').waitFor()
        await act?.(page)
        for (const [testId, needed] of Object.entries(offers)) {
          expect.soft((await page.getByTestId(testId).count()) > 0, `${at} ${testId}`).toBe(may(needed))
        }
        await page.keyboard.press('Escape')
      }
      // What it may not ask for is not asked for either, but for the library below the drop area, which says so.
      if (may(['read'])) expect(complaints).toEqual([])
    },
    120_000,
  )

  it('is in the palette and the menus of a phone only what it may do', async () => {
    const { page, complaints } = await openWith('reader', LOOKS[2])
    const bar = page.getByRole('navigation', { name: 'Main' })
    await bar.getByTestId('go-library').waitFor()
    expect(await bar.getByRole('link').count()).toBe(1)
    await shoot(page, 'phone-light-reader')
    await page.getByTestId('go-more').click()
    await page.getByTestId('go-presets').waitFor()
    const inMenu = await page
      .getByRole('menu')
      .locator('[data-testid^=go-]')
      .evaluateAll(all => all.map(each => (each as HTMLElement).dataset.testid))
    expect(inMenu).toEqual(['go-presets', 'go-webhooks', 'go-settings'])
    await page.keyboard.press('Escape')
    await page.getByTestId('open-palette').click()
    await page.getByTestId('palette-item').first().waitFor()
    const commands = await page.getByTestId('palette-item').allTextContents()
    for (const name of ['Upload', 'Operations', 'Projects and keys', 'Requeue', 'Pause', 'Resume'])
      expect
        .soft(
          commands.filter(text => text.startsWith(name)),
          name,
        )
        .toEqual([])
    expect(commands).toContain('Library')
    expect(complaints).toEqual([])
  })

  it('takes no files that are dropped on it with a key that may not upload, and deletes nothing by keyboard', async () => {
    const { page, complaints } = await openWith('reader')
    await page.goto(darkroom.url)
    await page.getByTestId('no-scope').waitFor()
    await dropFile(page, { name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') })
    await page.getByTestId('drop-error').getByText('does not have the scope “upload”').waitFor()
    expect(await page.getByTestId('upload-row').count()).toBe(0)
    await shoot(page, 'desktop-light-reader-upload')
    await page.goto(`${darkroom.url}/library`)
    await page.getByTestId('library-item').first().focus()
    await page.keyboard.press('x')
    await page.getByTestId('bulk-bar').waitFor()
    await shoot(page, 'desktop-light-reader-library')
    await page.keyboard.press('Delete')
    await page.waitForTimeout(300)
    expect(await page.getByTestId('library-item').count()).toBe(1)
    await page.goto(`${darkroom.url}/assets/${ids.asset}`)
    await page.getByTestId('viewer').waitFor()
    await shoot(page, 'desktop-light-reader-asset')
    expect(complaints).toEqual([])
  })
})
