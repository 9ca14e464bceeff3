import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { axeFaults } from './harness/axe.ts'
import { hasChromium, LOOKS, launchChromium, openPage } from './harness/browser.ts'
import { type Client, createClient, type FileToUpload } from './harness/client.ts'
import type { Asset } from './harness/contract.ts'
import { createHome, type Darkroom, type Home, startDarkroom } from './harness/darkroom.ts'
import { madePdf } from './harness/media.ts'
import { jpegFile, madePhoto } from './harness/photos.ts'
import { type Receiver, startReceiver } from './harness/receiver.ts'

/** What the pages show of the installation. */
interface Things {
  failed: Asset
  webhookId: string
}

/** A page, and what is done there so that all its controls are to be seen. */
interface Place {
  path: string | ((things: Things) => string)
  /** What is there once it has come. */
  shows: string
  act?: (page: Page) => Promise<void>
}

const click = (page: Page, ...testIds: string[]) =>
  testIds.reduce((before, id) => before.then(() => page.getByTestId(id).first().click()), Promise.resolve())

async function openAsset(page: Page, filename: string): Promise<void> {
  const tile = page.getByTestId('library-item').filter({ hasText: filename })
  await tile.getByRole('button', { name: /^Show/ }).click()
  await page.getByRole('dialog').getByTestId('variant').first().waitFor()
}

const PLACES: Record<string, Place> = {
  'the library': { path: '/', shows: 'library-item' },
  'a deletion that asks once more': { path: '/', shows: 'library-item', act: page => click(page, 'remove') },
  'the dialog of a photo': { path: '/', shows: 'library-item', act: page => openAsset(page, 'photo.jpg') },
  'the dialog of a failed asset': { path: '/', shows: 'library-item', act: page => openAsset(page, 'cut.jpg') },
  'a row of an upload': { path: '/', shows: 'dropzone', act: uploadHere },
  'the admin overview': { path: '/operations?status=all', shows: 'job', act: page => click(page, 'rebuild') },
  'the explanation of an asset': { path: ({ failed }) => `/operations/assets/${failed.id}`, shows: 'summary' },
  webhooks: { path: '/webhooks', shows: 'webhook', act: page => click(page, 'delete-webhook') },
  'a webhook': {
    path: ({ webhookId }) => `/webhooks/${webhookId}`,
    shows: 'delivery',
    act: page => click(page, 'rotate-webhook'),
  },
  'a delivery': {
    path: ({ webhookId }) => `/webhooks/${webhookId}`,
    shows: 'delivery',
    act: async page => {
      await click(page, 'open-delivery')
      await page.getByTestId('message').waitFor()
    },
  },
  presets: { path: '/presets', shows: 'preset' },
  'the audit log': { path: '/operations/audit', shows: 'audit-entry' },
  'the editor of a preset': { path: '/presets/shots/edit', shows: 'variant-form' },
  'a preset': { path: '/presets/shots', shows: 'definition', act: page => click(page, 'make-plan') },
  keys: { path: '/projects/keys', shows: 'key', act: page => click(page, 'revoke-key') },
  projects: { path: '/projects', shows: 'project' },
  'a project': { path: '/projects', shows: 'project', act: openProject },
}

async function uploadHere(page: Page): Promise<void> {
  const buffer = Buffer.from('This is no picture.\n'.repeat(100))
  await page.getByTestId('file-input').setInputFiles({ name: 'notes.jpg', mimeType: 'image/jpeg', buffer })
  await page.getByTestId('row-error').waitFor()
}

async function openProject(page: Page): Promise<void> {
  await page.getByTestId('project').getByRole('link', { name: 'default' }).click()
  await page.getByTestId('limits').waitFor()
}

describe.skipIf(!hasChromium())('the page, for those who do not see it', () => {
  let home: Home
  let darkroom: Darkroom
  let client: Client
  let receiver: Receiver
  let browser: Browser
  let context: BrowserContext | undefined
  let failed: Asset
  let webhookId: string

  beforeAll(async () => {
    home = await createHome()
    receiver = await startReceiver()
    darkroom = await startDarkroom(home)
    client = createClient(darkroom)
    browser = await launchChromium()
  })

  afterEach(() => context?.close())

  afterAll(async () => {
    await browser?.close()
    await darkroom?.stop()
    await receiver?.close()
    await home?.remove()
  })

  async function open(path: string): Promise<Page> {
    const opened = await openPage(browser, darkroom.url + path, LOOKS[0])
    context = opened.context
    return opened.page
  }

  async function settle(file: FileToUpload): Promise<Asset> {
    const { asset } = await client.upload(file)
    return client.settled(asset.id)
  }

  async function post<T>(path: string, json: object): Promise<T> {
    const { status, body } = await client.request<T>('POST', path, { json })
    if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`)
    return body
  }

  it('has nothing that axe finds while it is empty', async () => {
    const page = await open('/')
    await page.getByTestId('empty-state').waitFor()
    expect(await axeFaults(page)).toEqual([])
  })

  describe('with something on every page', () => {
    beforeAll(async () => {
      const photo = await madePhoto({ width: 900, height: 600 })
      failed = await settle(jpegFile('cut.jpg', photo.slice(0, photo.length / 2)))
      await settle(jpegFile('photo.jpg', photo))
      const pages = { name: 'pages.pdf', contentType: 'application/pdf', bytes: new Uint8Array(madePdf(2)) }
      await settle(pages)
      const variants = [{ name: 'small', width: 200, format: 'webp' }]
      await post('/v1/presets', { name: 'shots', definition: { image: { variants } } })
      await post('/v1/keys', { name: 'web shop', scopes: ['read'] })
      webhookId = (await post<{ id: string }>('/v1/webhooks', { url: receiver.url })).id
      await post(`/v1/webhooks/${webhookId}/test`, {})
    })

    it.each(Object.entries(PLACES))('has nothing that axe finds: %s', async (_, { path, shows, act }) => {
      const page = await open(typeof path === 'string' ? path : path({ failed, webhookId }))
      await page.getByTestId(shows).first().waitFor()
      await act?.(page)
      expect(await axeFaults(page)).toEqual([])
    })

    it('says why an asset failed once, wherever that is shown', async () => {
      const { code, message } = failed.error ?? { code: '', message: '' }
      const page = await open('/')
      await openAsset(page, 'cut.jpg')
      const text = (await page.getByRole('dialog').textContent()) ?? ''
      expect([text.split(message).length - 1, text.split(code).length - 1]).toEqual([1, 1])
      await page.goto(`${darkroom.url}/operations/assets/${failed.id}`)
      await page.getByTestId('variant-state').first().waitFor()
      expect(await page.getByTestId('variants').textContent()).not.toContain(code)
    })
  })
})
