import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
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
import { type Receiver, startReceiver } from './harness/receiver.ts'

const image = (name: string, width: number) => ({ name, width, format: 'webp' })
const definition = (...variants: object[]) => ({ image: { variants } })

describe.skipIf(!hasChromium())('webhooks, keys, projects and presets in Chromium', () => {
  let home: Home
  let darkroom: Darkroom
  let client: Client
  let receiver: Receiver
  let browser: Browser
  let context: BrowserContext | undefined

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

  async function open(path: string, look: Look = LOOKS[0]): Promise<OpenPage> {
    const opened = await openPage(browser, darkroom.url + path, look)
    context = opened.context
    return opened
  }

  async function post<T>(path: string, json: object): Promise<T> {
    const { status, body } = await client.request<T>('POST', path, { json })
    if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`)
    return body
  }

  const notice = (page: Page, text: string) => page.getByTestId('notice').getByText(text).waitFor()
  const deliveryOf = (page: Page, status: string) => page.locator(`[data-testid=delivery][data-status=${status}]`)
  const confirm = async (part: Page | Locator, name: string) => {
    await part.getByTestId(name).click()
    await part.getByTestId(`confirm-${name}`).click()
  }
  /** The secret that is shown, and that it can be copied. */
  async function takeSecret(page: Page): Promise<string> {
    const secret = (await page.getByTestId('secret').textContent()) ?? ''
    await page.getByTestId('copy-secret').click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret)
    await page.getByTestId('secret-done').click()
    await page.getByTestId('secret-dialog').waitFor({ state: 'detached' })
    return secret
  }

  it('adds a webhook, pings it, shows what it answered, and sends again', async () => {
    const { page } = await open('/operations')
    await page.getByTestId('go-webhooks').click()
    await page.getByTestId('no-webhooks').getByTestId('add-webhook').click()
    const form = page.getByTestId('webhook-form')
    await form.getByLabel('URL').fill('http://10.0.0.1/hook')
    await form.getByRole('button', { name: 'Add' }).click()
    // Refused, and nothing that was typed is lost.
    await form.getByRole('alert').waitFor()
    await form.getByLabel('URL').fill(receiver.url)
    await form.getByLabel('Description').fill('the shop')
    await form.getByLabel('URL').press('Enter')
    expect(await takeSecret(page)).toMatch(/^whsec_.{30}/)
    const row = page.getByTestId('webhook')
    expect(await row.textContent()).toMatch(/the shop.*Enabled.*asset\.ready, asset\.partial, asset\.failed/)

    await row.getByTestId('ping').click()
    await deliveryOf(page, 'delivered').waitFor()
    expect(new URL(page.url()).pathname).toMatch(/^\/webhooks\/[0-9a-f-]{36}$/)
    await page.getByTestId('open-delivery').click()
    await page.getByTestId('delivery-payload').waitFor()
    expect(new URL(page.url()).pathname).toMatch(/^\/webhooks\/[0-9a-f-]{36}\/deliveries\/[0-9a-f-]{36}$/)
    const attempt = page.getByTestId('delivery-attempt')
    expect(await attempt.textContent()).toMatch(/Attempt 1: 200\d.* m?s.*thank you/)
    const sent = page.getByTestId('message')
    expect(await sent.textContent()).toContain('"type": "webhook.ping"')
    await page.getByRole('button', { name: 'Copy JSON of the message' }).click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await sent.textContent())

    receiver.answerWith(500)
    await page.getByTestId('redeliver').click()
    await notice(page, 'Sent webhook.ping again.')
    await deliveryOf(page, 'pending')
      .getByText(/next attempt in/i)
      .waitFor()
    // By itself it is tried a third time after five seconds.
    expect(await attempt.filter({ hasText: 'Attempt 2' }).textContent()).toMatch(/Attempt 2: 500.*not now/)
    await page.getByTestId('delivery-advice').first().getByText('Look into its log').waitFor()
    expect(receiver.received.length).toBeGreaterThan(1)
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1)

    receiver.answerWith(200)
    await page.getByTestId('redeliver').click()
    await deliveryOf(page, 'delivered').waitFor()
    await page.reload()
    await page.getByTestId('delivery-payload').waitFor()
    await page.getByRole('link', { name: 'All deliveries' }).click()
    await page.getByTestId('deliveries-failed').click()
    await page.getByTestId('no-deliveries').waitFor()
    await page.getByTestId('deliveries-delivered').click()
    await deliveryOf(page, 'delivered').waitFor()
    await page.getByText('Enabled', { exact: true }).waitFor()
  })

  it('replays what an endpoint was not there for, gives it another secret, and deletes it', async () => {
    const { asset } = await client.upload(jpegFile('early.jpg', await madePhoto({ width: 120, height: 80 })))
    await client.settled(asset.id)
    const { id } = await post<{ id: string }>('/v1/webhooks', { url: receiver.url, events: ['asset.ready'] })
    const { page, complaints } = await open(`/webhooks/${id}`)
    await page.getByTestId('no-deliveries').waitFor()
    await page.getByTestId('replay').click()
    await page.getByTestId('confirm-replay-form').click()
    await notice(page, 'Sending 0 deliveries again.')
    await deliveryOf(page, 'delivered').getByText('asset.ready').waitFor()
    expect(receiver.received.at(-1)?.body).toContain(asset.id)

    await confirm(page, 'rotate-webhook')
    expect(await takeSecret(page)).toMatch(/^whsec_/)
    await page.getByText('Also signed with the previous secret').waitFor()
    await page.getByTestId('switch-webhook').click()
    await page.getByText('Disabled manually').waitFor()
    expect(await page.getByTestId('ping').isDisabled()).toBe(true)
    // Not later: the page may ask for the deliveries once more while they go away.
    expect(complaints).toEqual([])
    await confirm(page, 'delete-webhook')
    await page.waitForURL('**/webhooks')
    await page.locator(`[data-webhook-id="${id}"]`).waitFor({ state: 'detached' })
    expect((await client.request('GET', `/v1/webhooks/${id}/deliveries`)).status).toBe(404)
  })

  const mayRead = async (key: string) =>
    (await createClient({ url: darkroom.url, key }).request('GET', '/v1/usage')).status

  it('creates a key that is shown once, rotates it, and revokes it', async () => {
    const { page, complaints } = await open('/operations')
    await page.getByTestId('go-projects').click()
    await page.getByTestId('page-keys').click()
    await page.getByTestId('create-key').click()
    await page.getByTestId('key-form').getByLabel('Name').fill('web shop')
    await page.getByTestId('confirm-key-form').click()
    const old = await takeSecret(page)
    // Two dialogs later the keyboard goes on where it was.
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid'))
    await expect.poll(focused).toBe('create-key')
    expect(await mayRead(old)).toBe(200)
    await page.reload()
    const row = page.getByTestId('key').filter({ hasText: 'web shop' })
    await row.getByText('upload, read').waitFor()
    expect(await page.content()).not.toContain(old)

    await row.getByTestId('rotate-key').click()
    await page.getByTestId('rotate-form').getByLabel('The old key still works').selectOption('For an hour')
    await page.getByTestId('confirm-rotate-form').click()
    const next = await takeSecret(page)
    await row.nth(1).waitFor()
    await row.getByText(/· expires/).waitFor()
    expect([await mayRead(old), await mayRead(next)]).toEqual([200, 200])

    await confirm(row.filter({ hasText: /never expires/i }), 'revoke-key')
    await notice(page, 'Revoked the key “web shop”.')
    await page.getByTestId('ended-keys').getByText('One that no longer works').waitFor()
    expect([await mayRead(old), await mayRead(next)]).toEqual([200, 401])
    expect(complaints).toEqual([])
  })

  it('creates a project, limits it, and makes its first key', async () => {
    const { page, complaints } = await open('/projects')
    await page.getByTestId('project').filter({ hasText: 'default' }).waitFor()
    await page.getByTestId('create-project').click()
    await page.getByTestId('project-form').getByLabel('Name').fill('shop')
    await page.getByTestId('confirm-project-form').click()
    await page.getByRole('heading', { name: 'shop' }).waitFor()
    await page.getByTestId('change-limits').click()
    const form = page.getByTestId('limit-form')
    await form.getByLabel('Quota').fill('much')
    await page.getByTestId('confirm-limit-form').click()
    await form.getByRole('alert').getByText('“much” is not a size').waitFor()
    await form.getByLabel('Quota').fill('4 MB')
    await page.getByTestId('confirm-limit-form').click()
    await page.getByTestId('meter').getByText('0.0 of 4 MB').waitFor()

    await page.getByTestId('no-keys').waitFor()
    await page.getByTestId('create-key').click()
    await page.getByTestId('key-form').getByLabel('Name').fill('shop')
    await page.getByTestId('confirm-key-form').click()
    const shop = createClient({ url: darkroom.url, key: await takeSecret(page) })
    await shop.create({ name: 'a.jpg', contentType: 'image/jpeg', bytes: new Uint8Array(1_000_000) })
    await page.getByTestId('meter').getByText('1.0 of 4 MB').waitFor()
    expect(complaints).toEqual([])
  })

  it('deletes a project whose name was typed, and restores it', async () => {
    // Of each try its own: the one before may have made it already.
    const name = `passing-${Date.now()}`
    const { id } = await post<{ id: string }>('/v1/admin/projects', { name })
    const { page, complaints } = await open(`/projects/${id}`)
    const part = page.getByTestId('deletion')
    await part.getByTestId('delete-project').click()
    const form = page.getByTestId('delete-form')
    await form.getByLabel('Name of the project').fill('default')
    await form.getByTestId('confirm-delete-form').click()
    await form.getByRole('alert').getByText(`"${name}"`).waitFor()
    expect((await client.request<{ status: string }>('GET', `/v1/admin/projects/${id}`)).body.status).toBe('active')
    await form.getByLabel('Name of the project').fill(name)
    await form.getByTestId('confirm-delete-form').click()
    await part.getByTestId('deletion-state').getByText('It can be restored until').waitFor()
    expect(await page.getByTestId('limits').count()).toBe(0)
    await page.goto(`${darkroom.url}/projects`)
    await page.getByTestId('project').filter({ hasText: name }).getByText('Being deleted').waitFor()
    await page.goto(`${darkroom.url}/projects/${id}`)
    await confirm(part, 'restore-project')
    await part.getByTestId('delete-project').waitFor()
    await page.getByTestId('limits').waitFor()
    await part.getByTestId('delete-project').click()
    await form.getByLabel('Name of the project').fill(name)
    await form.getByLabel('Delay in hours, to restore it').fill('0')
    await form.getByTestId('confirm-delete-form').click()
    await part.getByTestId('deletion-state').getByText('this receipt').waitFor()
    await part.getByRole('heading', { name: 'Receipt' }).waitFor()
    // The wrong name is refused, and so is what the page asked about the project in the moment in which it closed.
    expect(complaints.filter(text => !/\b(400|404|409|410)\b/.test(text))).toEqual([])
  })

  it('plans a version of a preset, applies it and shows it to its end', async () => {
    await post('/v1/presets', { name: 'shots', definition: definition(image('small', 200), image('tiny', 60)) })
    for (const hue of [10, 200]) {
      const photo = jpegFile(`${hue}.jpg`, await madePhoto({ width: 400, height: 300, hue }))
      const { asset } = await client.upload(photo, { preset: 'shots' })
      await client.settled(asset.id)
    }
    await post('/v1/presets', { name: 'shots', definition: definition(image('small', 200), image('wide', 300)) })

    const { page, complaints } = await open('/operations')
    await page.getByTestId('go-presets').click()
    await page.getByTestId('no-backfills').waitFor()
    await page.getByTestId('preset').getByRole('link', { name: 'shots' }).click()
    await page.getByTestId('version-1').waitFor()
    expect(await page.getByTestId('definition').textContent()).toContain('"wide"')
    await page.getByTestId('make-plan').click()
    const figure = (name: string) => page.locator(`[data-figure="${name}"] dd`).first().textContent()
    expect(await figure('Assets to process')).toBe('2 of 2')
    expect(await figure('Variants added')).toBe('2')
    expect(await figure('Variants removed')).toBe('2')
    await page.getByTestId('apply').click()
    await page.getByTestId('apply-form').getByLabel('Canary').fill('1')
    await page.getByTestId('confirm-apply-form').click()
    await page.locator('[data-testid=backfill][data-status=completed]').waitFor()
    expect(await page.getByTestId('backfill').textContent()).toMatch(/shots@2.*2 of 2 · 2 done/)
    await page.getByTestId('version-1').click()
    await page.getByTestId('definition').getByText('"tiny"').waitFor()
    expect(complaints).toEqual([])
  })

  it('pauses, resumes and cancels a backfill', async () => {
    await post('/v1/admin/queues/image/pause', {})
    await post('/v1/presets/shots/apply', { version: 1 })
    const { page, complaints } = await open('/presets')
    const backfill = page.getByTestId('backfill').first()
    await backfill.getByTestId('pause-backfill').click()
    await backfill.getByTestId('resume-backfill').click()
    await backfill.getByTestId('pause-backfill').waitFor()
    await confirm(backfill, 'cancel-backfill')
    await page.locator('[data-testid=backfill][data-status=cancelled]').waitFor()
    await post('/v1/admin/queues/image/resume', {})
    expect(complaints).toEqual([])
  })

  it('says in a line what a key lacks', async () => {
    const { page } = await open('/')
    const detail = 'This API key does not have the scope "admin".'
    await page.route(/\/v1\/(keys|admin)/, route =>
      route.fulfill({ status: 403, contentType: 'application/problem+json', json: { code: 'FORBIDDEN', detail } }),
    )
    await page.getByTestId('go-operations').click()
    await page.getByTestId('go-projects').click()
    await page.getByTestId('page-keys').click()
    await page.getByTestId('no-scope').getByText(detail).waitFor()
    expect(await page.getByTestId('create-key').count()).toBe(0)
    expect(await page.getByTestId('page-projects').count()).toBe(0)
  })

  it('has no page that is wider than a phone', async () => {
    const { id } = await post<{ id: string }>('/v1/webhooks', { url: `${receiver.url}/${'long-'.repeat(30)}` })
    const { id: sentId } = await post<{ id: string }>(`/v1/webhooks/${id}/test`, {})
    const { page, complaints } = await open('/webhooks', LOOKS[3])
    const places = {
      webhooks: 'webhook',
      [`webhooks/${id}`]: 'deliveries',
      [`webhooks/${id}/deliveries/${sentId}`]: 'message',
      presets: 'backfill',
      'presets/shots': 'definition',
      'projects/keys': 'key',
      projects: 'project',
    }
    for (const [path, part] of Object.entries(places)) {
      await page.goto(`${darkroom.url}/${path}`)
      await page.getByTestId(part).first().waitFor()
      expect.soft(await overflow(page), path).toBe(0)
      await shoot(page, `admin-phone-${path.replace(id, 'one').replace(sentId, 'one').replaceAll('/', '-')}`)
    }
    await client.request('DELETE', `/v1/webhooks/${id}`)
    expect(complaints).toEqual([])
  })
})
