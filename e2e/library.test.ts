import { readFile } from 'node:fs/promises'
import { unzipSync } from 'fflate'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { axeFaults } from './harness/axe.ts'
import { hasChromium, LOOKS, launchChromium, loadedImages, openPage, overflow, shoot } from './harness/browser.ts'
import { type Client, createClient, type FileToUpload } from './harness/client.ts'
import { createHome, type Darkroom, type Home, startDarkroom } from './harness/darkroom.ts'
import { madePdf } from './harness/media.ts'
import { jpegFile, madePhoto } from './harness/photos.ts'

/** What the library changes of an asset. */
interface Kept {
  tags: string[]
  folder: string
  deleteAt: string | null
}

interface Added {
  id: string
  file: FileToUpload
}

describe.skipIf(!hasChromium())('the library in Chromium', () => {
  let home: Home
  let darkroom: Darkroom
  let browser: Browser
  let context: BrowserContext | undefined
  let client: Client
  /** By name. */
  const added: Record<string, Added> = {}

  beforeAll(async () => {
    home = await createHome()
    darkroom = await startDarkroom(home)
    browser = await launchChromium()
    client = createClient(darkroom)
    for (const [n, name] of ['beach.jpg', 'beach night.jpg', 'forest.jpg', 'harbour.jpg', 'meadow.jpg'].entries()) {
      await add(jpegFile(name, await madePhoto({ width: 900, height: 700, hue: 60 * n })), {
        folder: n < 2 ? '2026/summer' : '',
        tags: n < 2 ? ['sea'] : [],
      })
    }
    await add({ name: 'plan.pdf', contentType: 'application/pdf', bytes: new Uint8Array(madePdf(2)) }, {})
    for (const { id } of Object.values(added)) expect((await client.settled(id)).status).toBe('ready')
  }, 180_000)

  afterEach(() => context?.close())

  afterAll(async () => {
    await browser?.close()
    await darkroom?.stop()
    await home?.remove()
  })

  async function add(file: FileToUpload, more: object): Promise<void> {
    const { asset } = await client.upload(file, more)
    added[file.name] = { id: asset.id, file }
  }
  const addedAs = (name: string): Added => {
    const found = added[name]
    if (!found) throw new Error(`${name} was not uploaded`)
    return found
  }

  const kept = async (name: string): Promise<Kept> =>
    (await client.request<Kept>('GET', `/v1/assets/${addedAs(name).id}`)).body

  async function open(query = '', look: (typeof LOOKS)[number] = LOOKS[0]) {
    const opened = await openPage(browser, `${darkroom.url}/library${query}`, look)
    context = opened.context
    return opened
  }

  const cell = (page: Page, name: string): Locator =>
    page.locator(`[data-testid=library-item][data-asset-id="${addedAs(name).id}"]`)
  const names = (page: Page): Promise<string[]> =>
    page
      .getByTestId('library-item')
      .evaluateAll(cells =>
        cells.map(each => (each.querySelector('p, [dir=auto]')?.textContent ?? '').trim()).toSorted(),
      )
  const shows = (page: Page, expected: string[]) => expect.poll(() => names(page)).toEqual(expected.toSorted())
  const choose = async (page: Page, testId: string, option: RegExp) => {
    await page.getByTestId(testId).click()
    await page.getByRole('option', { name: option }).click()
  }
  const everything = () => Object.keys(added)

  it('filters and searches, with every state in the address', async () => {
    const { page, complaints } = await open()
    await shows(page, everything())
    expect(await page.getByTestId('totals').textContent()).toMatch(/^6 assets · /)
    await page.getByTestId('search').fill('beach')
    await shows(page, ['beach.jpg', 'beach night.jpg'])
    expect(new URL(page.url()).search).toBe('?q=beach')
    await page.getByTestId('clear-filters').click()
    await shows(page, everything())
    await choose(page, 'filter-kind', /^Documents \(1\)/)
    await shows(page, ['plan.pdf'])
    expect(new URL(page.url()).search).toBe('?kind=document')
    await page.goBack()
    await shows(page, everything())
    await page.goForward()
    await shows(page, ['plan.pdf'])
    await page.getByTestId('clear-filters').click()
    await page.getByTestId('filter-tag').fill('sea')
    await page.getByTestId('filter-tag').press('Enter')
    await shows(page, ['beach.jpg', 'beach night.jpg'])
    await page.reload()
    await shows(page, ['beach.jpg', 'beach night.jpg'])
    await page.getByTestId('clear-filters').click()
    await page.getByTestId('filter-from').fill('2099-01-01')
    await page.getByTestId('empty-library').waitFor()
    expect(complaints).toEqual([])
  })

  it('goes through folders, and brings saved filters back', async () => {
    const { page } = await open()
    await page.getByRole('button', { name: 'Folders in 2026' }).click()
    await page.getByTestId('folder').filter({ hasText: 'summer' }).click()
    await shows(page, ['beach.jpg', 'beach night.jpg'])
    expect(new URL(page.url()).searchParams.get('folder')).toBe('2026/summer')
    await page.getByTestId('saved-filters').click()
    await page.getByTestId('save-filter').click()
    await page.getByLabel('Name', { exact: false }).last().fill('Our summer')
    await page.getByTestId('confirm-save-filter').click()
    await page.getByTestId('folder').filter({ hasText: 'All folders' }).click()
    await shows(page, everything())
    await page.getByTestId('saved-filters').click()
    await page.getByTestId('saved-filter').filter({ hasText: 'Our summer' }).click()
    await shows(page, ['beach.jpg', 'beach night.jpg'])
  })

  it('selects a range by mouse and by keyboard, and tags it', async () => {
    const { page } = await open('?sort=filename')
    await shows(page, everything())
    const select = (name: string, options: object = {}) => cell(page, name).getByTestId('select-asset').click(options)
    await cell(page, 'beach.jpg').hover()
    await select('beach.jpg')
    await cell(page, 'harbour.jpg').click({ modifiers: ['Shift'] })
    // By name: beach night, beach, forest, harbour, meadow, plan.
    expect(await page.getByTestId('selected-count').textContent()).toBe('3 selected')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByTestId('bulk-bar').count()).toBe(0)
    await cell(page, 'forest.jpg').focus()
    await page.keyboard.press('x')
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Shift+ArrowRight')
    expect(await page.getByTestId('selected-count').textContent()).toBe('3 selected')
    await page.getByTestId('bulk-tag').click()
    await page.getByLabel('Add tags').fill('green, walk')
    await page.getByTestId('confirm-tag').click()
    await page.getByTestId('notice').getByText('3 assets tagged').waitFor()
    for (const name of ['forest.jpg', 'harbour.jpg', 'meadow.jpg'])
      expect((await kept(name)).tags).toEqual(['green', 'walk'])
    expect((await kept('beach.jpg')).tags).toEqual(['sea'])
    await page.keyboard.press('Escape')
  })

  it('shows an asset by the space bar, and opens its page by Enter', async () => {
    const { page } = await open('?q=forest')
    await shows(page, ['forest.jpg'])
    await cell(page, 'forest.jpg').focus()
    await page.keyboard.press(' ')
    await page.getByTestId('quick-look').getByText('forest.jpg').first().waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await cell(page, 'forest.jpg').focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/assets/${addedAs('forest.jpg').id}`)
    await page.goBack()
    await shows(page, ['forest.jpg'])
  })

  it('moves what is selected to a folder', async () => {
    const { page } = await open('?q=meadow')
    await shows(page, ['meadow.jpg'])
    await cell(page, 'meadow.jpg').focus()
    await page.keyboard.press('x')
    await page.getByTestId('bulk-move').click()
    await page.getByLabel('Folder', { exact: false }).last().fill('/fields/')
    await page.getByTestId('confirm-move').click()
    await page.getByTestId('notice').getByText('1 asset moved to fields').waitFor()
    expect((await kept('meadow.jpg')).folder).toBe('fields')
    await page.getByTestId('folder').filter({ hasText: 'fields' }).waitFor()
  })

  it('deletes with undo, and restores from what was deleted recently', async () => {
    const { page } = await open()
    await shows(page, everything())
    const deleteAtOf = async (name: string) => (await kept(name)).deleteAt
    async function remove(name: string): Promise<void> {
      await cell(page, name).focus()
      await page.keyboard.press('x')
      await page.keyboard.press('Delete')
      await expect.poll(() => cell(page, name).count()).toBe(0)
    }
    await remove('harbour.jpg')
    await page.getByTestId('notice').getByRole('button', { name: 'Undo' }).click()
    await cell(page, 'harbour.jpg').waitFor()
    await page.getByTestId('notice').getByText('1 asset restored').waitFor()
    expect(await deleteAtOf('harbour.jpg')).toBeNull()
    await remove('harbour.jpg')
    await expect.poll(() => deleteAtOf('harbour.jpg')).toMatch(/^20/)
    await page.getByTestId('show-deleted').click()
    await shows(page, ['harbour.jpg'])
    await cell(page, 'harbour.jpg').focus()
    await page.keyboard.press('x')
    await page.getByTestId('bulk-restore').click()
    await page.getByTestId('empty-library').waitFor()
    await expect.poll(() => deleteAtOf('harbour.jpg')).toBeNull()
  })

  it('downloads what is selected as one ZIP file with the bytes of each original', async () => {
    const { page, complaints } = await open('?q=beach&sort=filename')
    await shows(page, ['beach.jpg', 'beach night.jpg'])
    await cell(page, 'beach.jpg').focus()
    await page.keyboard.press('Control+a')
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('bulk-download').click()])
    expect(download.suggestedFilename()).toMatch(/^darkroom-\d{4}-\d\d-\d\d\.zip$/)
    const files = unzipSync(await readFile(await download.path()))
    expect(Object.keys(files).toSorted()).toEqual(['2026/summer/beach night.jpg', '2026/summer/beach.jpg'])
    for (const [path, bytes] of Object.entries(files)) {
      const { file } = addedAs(path.split('/').at(-1) ?? '')
      expect(Buffer.compare(Buffer.from(bytes), Buffer.from(file.bytes))).toBe(0)
    }
    expect(complaints).toEqual([])
  })

  it('shares by a link that ends by time and by count', async () => {
    const { page } = await open('?q=forest')
    await shows(page, ['forest.jpg'])
    await cell(page, 'forest.jpg').focus()
    await page.keyboard.press('x')
    await page.getByTestId('bulk-share').click()
    await choose(page, 'share-life', /^An hour/)
    await page.getByLabel('Downloads at most').fill('2')
    await page.getByTestId('confirm-share').click()
    const url = (await page.getByTestId('share-url').textContent()) ?? ''
    const { id, file } = addedAs('forest.jpg')
    for (const _time of [1, 2]) {
      const answer = await fetch(url)
      expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), Buffer.from(file.bytes))).toBe(0)
    }
    expect((await fetch(url)).status).toBe(410)
    const { body } = await client.request<{ items: { expiresAt: string; maxDownloads: number }[] }>(
      'GET',
      `/v1/assets/${id}/shares`,
    )
    expect(body.items[0]?.maxDownloads).toBe(2)
    expect(Math.round((Date.parse(body.items[0]?.expiresAt ?? '') - Date.now()) / 60_000)).toBeGreaterThan(55)
  })

  it('shows a table that is sorted by its heads', async () => {
    const { page } = await open('?view=table&sort=filename')
    await shows(page, everything())
    const order = () =>
      page
        .getByTestId('library-item')
        .evaluateAll(rows => rows.map(row => row.querySelector('[dir=auto]')?.textContent))
    const sizes = async () => {
      const ids = await page
        .getByTestId('library-item')
        .evaluateAll(rows => rows.map(row => (row as HTMLElement).dataset.assetId ?? ''))
      return ids.map(id => Object.values(added).find(each => each.id === id)?.file.bytes.length ?? 0)
    }
    expect((await order())[0]).toBe('beach night.jpg')
    await page.getByRole('columnheader', { name: 'Size' }).getByRole('button').click()
    await expect.poll(() => new URL(page.url()).searchParams.get('sort')).toBe('-byteSize')
    const bySize = Object.values(added).map(({ file }) => file.bytes.length)
    await expect.poll(sizes).toEqual(bySize.toSorted((a, b) => b - a))
  })

  describe('while others upload', () => {
    const extra: string[] = []
    const upload = async (name: string, hue: number): Promise<string> => {
      const { asset } = await client.upload(jpegFile(name, await madePhoto({ width: 500, height: 400, hue })))
      extra.push(asset.id)
      return asset.id
    }
    const remove = (id: string) => client.request('DELETE', `/v1/assets/${id}`)
    const first = (page: Page) => page.getByTestId('library-item').first()
    /** How much of the page moved on its own since it was opened. */
    const shifts = (page: Page): Promise<number> =>
      page.evaluate(
        () =>
          new Promise(resolve => {
            let sum = 0
            new PerformanceObserver(list => {
              for (const entry of list.getEntries()) sum += (entry as unknown as { value: number }).value
            }).observe({ type: 'layout-shift', buffered: true })
            setTimeout(() => resolve(sum), 100)
          }),
      )

    afterEach(async () => {
      for (const id of extra.splice(0)) await remove(id)
    })

    it('shows what comes, changes and goes, without a reload', async () => {
      const { page, complaints } = await open()
      await shows(page, everything())
      const stored = await page.getByTestId('storage').first().textContent()
      const id = await upload('arrived.jpg', 200)
      await expect.poll(() => first(page).getAttribute('data-asset-id')).toBe(id)
      await expect.poll(() => first(page).getAttribute('data-status')).toBe('ready')
      await expect.poll(() => loadedImages(first(page))).toBe(1)
      await page.getByTestId('totals').getByText('7 assets').waitFor()
      await expect.poll(() => page.getByTestId('storage').first().textContent()).not.toBe(stored)
      await client.request('PATCH', `/v1/assets/${id}`, { json: { filename: 'renamed.jpg' } })
      await first(page).getByText('renamed.jpg').waitFor()
      await remove(id)
      await shows(page, everything())
      await page.getByTestId('totals').getByText('6 assets').waitFor()
      expect(await page.getByTestId('show-news').count()).toBe(0)
      expect(complaints).toEqual([])
    }, 120_000)

    it('moves nothing that somebody looks at: a button shows what came', async () => {
      const { page } = await open('?sort=filename')
      await shows(page, everything())
      await page.waitForTimeout(500)
      const [place, moved] = [await first(page).boundingBox(), await shifts(page)]
      const id = await upload('aardvark.jpg', 300)
      await page.getByTestId('show-news').getByText('1 new').waitFor()
      expect(await first(page).boundingBox()).toEqual(place)
      expect((await shifts(page)) - moved).toBe(0)
      await shoot(page, 'library-news')
      await page.getByTestId('show-news').click()
      await expect.poll(() => first(page).getAttribute('data-asset-id')).toBe(id)
      expect(await page.getByTestId('show-news').count()).toBe(0)

      await cell(page, 'forest.jpg').hover()
      await cell(page, 'forest.jpg').getByTestId('select-asset').click()
      await remove(id)
      await page.getByTestId('show-news').getByText('1 gone').waitFor()
      expect(await page.getByTestId('selected-count').textContent()).toBe('1 selected')
      await page.getByTestId('show-news').click()
      await shows(page, everything())
      expect(await page.getByTestId('selected-count').textContent()).toBe('1 selected')
    }, 120_000)

    it('leaves what does not fit the filter where it is', async () => {
      const { page } = await open('?q=beach')
      await shows(page, ['beach.jpg', 'beach night.jpg'])
      await upload('elsewhere.jpg', 100)
      const id = await upload('beach at noon.jpg', 40)
      await expect.poll(() => first(page).getAttribute('data-asset-id')).toBe(id)
      expect(await names(page)).not.toContain('elsewhere.jpg')
    }, 60_000)

    it('asks nothing while its tab is hidden, and catches up afterwards', async () => {
      const { page } = await open()
      await shows(page, everything())
      const asked: string[] = []
      page.on('request', request => {
        if (request.url().includes('/v1/events')) asked.push(request.url())
      })
      const setHidden = (isHidden: boolean) =>
        page.evaluate(isHidden => {
          Object.defineProperty(document, 'hidden', { configurable: true, value: isHidden })
          document.dispatchEvent(new Event('visibilitychange'))
        }, isHidden)
      await setHidden(true)
      // One may have been on its way.
      await page.waitForTimeout(500)
      asked.length = 0
      const id = await upload('unseen.jpg', 20)
      await page.waitForTimeout(6000)
      expect(asked).toEqual([])
      await setHidden(false)
      await expect.poll(() => first(page).getAttribute('data-asset-id')).toBe(id)
    }, 60_000)
  })

  it.each(LOOKS)(
    'is without faults that axe finds, and fits the window ($name)',
    async look => {
      for (const view of ['grid', 'table']) {
        const { page, complaints } = await open(view === 'grid' ? '' : '?view=table', look)
        await shows(page, everything())
        await cell(page, 'forest.jpg').focus()
        await page.keyboard.press('x')
        await page.getByTestId('bulk-bar').waitFor()
        await expect.poll(() => loadedImages(page.getByTestId('asset-view'))).toBeGreaterThan(4)
        await shoot(page, `library-${view}-${look.name}`)
        expect(await axeFaults(page)).toEqual([])
        expect(await overflow(page)).toBe(0)
        expect(complaints).toEqual([])
        await context?.close()
      }
    },
    60_000,
  )
})
