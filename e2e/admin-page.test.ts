import { join } from 'node:path'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { axeFaults } from './harness/axe.ts'
import {
  hasChromium,
  LOOKS,
  launchChromium,
  type OpenPage,
  openPage,
  overflow,
  SAMPLE_LOOKS,
  SCREENSHOTS,
  shoot as shootPage,
} from './harness/browser.ts'
import { type Client, createClient } from './harness/client.ts'
import { createHome, type Darkroom, type Home, startDarkroom } from './harness/darkroom.ts'
import { jpegFile, madePhoto, pixelBomb, sha256 } from './harness/photos.ts'

/** Longer than the page takes between two looks at a list. */
const TWO_REFRESHES_MS = 10_000

/** Files that end too early: refused, but kept for a while, so their jobs can be requeued. */
const CUT_OFF = ['cut-1.jpg', 'cut-2.jpg']

/** An answer with something amiss, which the embedded parts never have. */
const CHECKS = {
  checkedAt: new Date().toISOString(),
  isRunning: false,
  faults: 1,
  warnings: 1,
  checks: [
    {
      id: 'redis.policy',
      title: 'Redis throws nothing away',
      state: 'warning',
      seen: 'maxmemory-policy is allkeys-lru',
      cause: 'Redis is set up as a cache.',
      fix: 'redis-cli config set maxmemory-policy noeviction',
    },
    {
      id: 'cors.upload',
      title: 'a page of each origin may upload',
      state: 'fault',
      seen: 'https://a-shop-with-a-long-name.example.com: the preflight of PUT is refused with 403',
      cause: 'The bucket has no CORS rule for the origin of the page, or one that lacks a method or header.',
      fix: 'npx darkroom provision cors --origin <origin of the page> --apply',
    },
    { id: 'store.clock', title: 'the clock agrees', state: 'ok', seen: '0 s ahead', cause: null, fix: null },
  ],
}

const notAnImage = (text: string) => new Uint8Array(Buffer.from(`${text}\n`.repeat(100)))

describe.skipIf(!hasChromium())('the admin page in Chromium', () => {
  let home: Home
  let darkroom: Darkroom
  let client: Client
  let browser: Browser
  let context: BrowserContext | undefined
  /** The asset that was refused for its pixels. */
  let bombId: string

  beforeAll(async () => {
    home = await createHome()
    darkroom = await startDarkroom(home)
    client = createClient(darkroom)
    browser = await launchChromium()
    await uploadSettled('notes.jpg', notAnImage('notes'))
    const photo = await madePhoto({ width: 900, height: 600 })
    for (const [index, name] of CUT_OFF.entries()) await uploadSettled(name, photo.slice(0, photo.length / 2 + index))
    bombId = await uploadSettled('bomb.jpg', await pixelBomb())
    await uploadSettled('fine.jpg', await madePhoto({ width: 300, height: 200 }))
  })

  afterEach(() => context?.close())

  afterAll(async () => {
    await browser?.close()
    await darkroom?.stop()
    await home?.remove()
  })

  async function uploadSettled(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const { asset } = await client.upload(jpegFile(name, bytes))
    await client.settled(asset.id)
    return asset.id
  }

  async function open(path = '/operations', look: (typeof LOOKS)[number] = LOOKS[0]): Promise<OpenPage> {
    const opened = await openPage(browser, darkroom.url + path, look)
    context = opened.context
    return opened
  }

  const jobOf = (page: Page, name: string): Locator => page.getByTestId('job').filter({ hasText: name })
  const queueOf = (page: Page, name: string): Locator => page.locator(`[data-testid=queue][data-queue=${name}]`)
  const openJob = (page: Page, name: string) => jobOf(page, name).getByRole('link', { name }).click()
  const shoot = (page: Page, name: string) => shootPage(page, `admin-${name}`)
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '')

  it.each(SAMPLE_LOOKS)('shows what failed and why, and the way there and back ($name)', async look => {
    const { page, complaints } = await open('/', look)
    await page.getByTestId('go-operations').click()
    await jobOf(page, 'bomb.jpg').getByText('Too many pixels').waitFor()
    expect(await jobOf(page, 'fine.jpg').count()).toBe(0)
    expect(await queueOf(page, 'image').textContent()).toMatch(/Workers1, \d+ slots/)
    await shoot(page, `${look.name}-1-jobs`)
    expect(await overflow(page)).toBe(0)

    await openJob(page, 'bomb.jpg')
    await page.getByRole('heading', { name: 'bomb.jpg' }).waitFor()
    expect(await page.getByTestId('blocked-by').textContent()).toContain('pixels')
    expect(await page.getByTestId('next-action').textContent()).toContain('MAX_IMAGE_PIXELS')
    expect(await page.getByTestId('attempt').first().textContent()).toMatch(/failed.* m?s .*MB at the peak.* on /)
    expect(await page.getByTestId('timeline-entry').count()).toBeGreaterThan(3)
    await page.getByTestId('copy-id').click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(bombId)
    await shoot(page, `${look.name}-2-explanation`)
    expect(await overflow(page)).toBe(0)

    await page.goBack()
    await jobOf(page, 'bomb.jpg').waitFor()
    await expect.poll(() => focused(page)).toBe('bomb.jpg')
    expect(complaints).toEqual([])
  })

  it('says that the installation is well, as the doctor finds it', async () => {
    const { page, complaints } = await open()
    await expect
      // Long enough for another run, should a check have been too slow in the first.
      .poll(() => page.getByTestId('checks-summary').textContent(), { timeout: 200_000 })
      .toMatch(/^All \d+ checks are fine$/)
    expect(complaints).toEqual([])
  })

  it.each(SAMPLE_LOOKS)('names what is amiss, its cause and what to do ($name)', async look => {
    const { page, complaints } = await open('/', look)
    await page.route('**/v1/admin/checks', route => route.fulfill({ json: CHECKS }))
    await page.goto(`${darkroom.url}/operations`)
    await page.getByTestId('checks-summary').getByText('1 fault, 1 warning').click()
    const [fault, warning] = await page.getByTestId('check').allTextContents()
    expect(fault).toMatch(
      /^Fault: cors.upload.*Seen: .*refused with 403.*Likely cause: .*What to do: npx darkroom provision/,
    )
    expect(warning).toMatch(/^Warning: redis.policy/)
    await shoot(page, `${look.name}-checks`)
    expect(await overflow(page)).toBe(0)
    expect(await axeFaults(page)).toEqual([])
    expect(complaints).toEqual([])
  })

  it('keeps the filters in the URL, for a reload, a link and the Back button', async () => {
    const { page, complaints } = await open()
    await jobOf(page, 'bomb.jpg').waitFor()
    await page.getByTestId('filter-code').fill('TOO_MANY_PIXELS')
    await page.getByTestId('filter-code').press('Enter')
    await jobOf(page, 'notes.jpg').waitFor({ state: 'detached' })
    expect(new URL(page.url()).search).toBe('?code=TOO_MANY_PIXELS')
    await page.reload()
    await jobOf(page, 'bomb.jpg').waitFor()
    expect(await page.getByTestId('job').count()).toBe(1)
    expect(await page.getByTestId('filter-code').inputValue()).toBe('TOO_MANY_PIXELS')

    await page.getByTestId('filter-name').selectOption('asset.delete')
    await page.getByTestId('no-jobs').getByText('No job matches').waitFor()
    await page.goBack()
    await jobOf(page, 'bomb.jpg').waitFor()
    await openJob(page, 'bomb.jpg')
    await page.getByRole('link', { name: 'All jobs' }).click()
    await jobOf(page, 'bomb.jpg').waitFor()
    expect(new URL(page.url()).search).toBe('?code=TOO_MANY_PIXELS')

    await page.goto(`${darkroom.url}/operations?status=all&time=1h`)
    await jobOf(page, 'fine.jpg').waitFor()
    expect(complaints).toEqual([])
  })

  it('requeues a job, which is tried again', async () => {
    const { page, complaints } = await open(`/operations/assets/${bombId}`)
    await page.getByTestId('requeue').click()
    await page.getByTestId('notice').getByText('Requeued bomb.jpg.').waitFor()
    await page.getByText('Attempt 2: failed').waitFor()
    expect(await page.getByTestId('attempt').count()).toBe(2)
    expect(complaints).toEqual([])
  })

  it('shows what a requeue of all would do before it does it', async () => {
    const { page, complaints } = await open('/operations?code=TRUNCATED_FILE')
    await jobOf(page, 'cut-1.jpg').waitFor()
    await page.getByTestId('bulk-requeue').click()
    await page.getByTestId('bulk-matched').getByText('2').waitFor()
    expect(await page.getByTestId('bulk-requeued').textContent()).toContain('2')
    await page.screenshot({ path: join(SCREENSHOTS, 'admin-desktop-light-3-bulk.png') })
    const { body } = await client.request<{ items: { attempt: number }[] }>(
      'GET',
      '/v1/admin/jobs?status=failed&code=TRUNCATED_FILE',
    )
    expect(body.items.map(({ attempt }) => attempt)).toEqual([1, 1])
    await page.getByTestId('confirm-bulk').click()
    await page.getByTestId('notice').getByText('Requeued 2 of 2 jobs.').waitFor()
    await jobOf(page, 'cut-1.jpg').getByText('attempt 2 of').waitFor()
    expect(complaints).toEqual([])
  })

  it('offers no requeue of all where nothing can be requeued, and names the reason', async () => {
    const { page } = await open('/operations?code=TYPE_MISMATCH')
    await jobOf(page, 'notes.jpg').waitFor()
    await page.getByTestId('bulk-requeue').click()
    await page.getByTestId('bulk-skipped').getByText('Left: Source gone').waitFor()
    expect(await page.getByTestId('confirm-bulk').count()).toBe(0)
    await page.keyboard.press('Escape')
    await jobOf(page, 'notes.jpg').getByTestId('requeue').click()
    await page.getByTestId('notice').getByText('Failed:').waitFor()
    expect(await jobOf(page, 'notes.jpg').getAttribute('data-status')).toBe('failed')
  })

  it('pauses a queue with a reason, cancels a job that waits in it, and lets it go on', async () => {
    const { page, complaints } = await open()
    await queueOf(page, 'image').getByTestId('pause').click()
    await page.getByTestId('pause-dialog').getByLabel('Reason').fill('a new disk')
    await page.getByTestId('confirm-pause').click()
    await queueOf(page, 'image').getByText('Paused: a new disk').waitFor()

    const { asset } = await client.upload(jpegFile('waiting.jpg', await madePhoto({ width: 320, height: 200 })))
    await page.getByTestId('status-queued').click()
    await openJob(page, 'waiting.jpg')
    await page.getByTestId('blocked-by').getByText('a new disk').waitFor()
    await page.getByTestId('cancel').click()
    await page.getByTestId('confirm-cancel').click()
    await page.getByTestId('notice').getByText('Cancelled the job of waiting.jpg.').waitFor()
    await page.getByTestId('requeue').waitFor()
    expect(await client.readAsset(asset.id)).toMatchObject({ status: 'failed', error: { code: 'CANCELLED' } })

    await page.goto(`${darkroom.url}/operations`)
    await queueOf(page, 'image').getByTestId('resume').click()
    await queueOf(page, 'image').getByTestId('pause').waitFor()
    await page.goto(`${darkroom.url}/operations/assets/${asset.id}`)
    await page.getByTestId('requeue').click()
    await page.locator('[data-testid=explanation][data-status=ready]').waitFor()
    expect(complaints).toEqual([])
  })

  it('explains an asset by a pasted id, of itself or of its job, and says when there is none', async () => {
    const { page } = await open()
    const explain = async (id: string) => {
      await page.getByTestId('search-id').fill(id)
      await page.getByTestId('search-id').press('Enter')
    }
    await explain('not an id')
    await page.getByText('This is not a valid id').waitFor()
    await explain(` ${bombId} `)
    await page.getByRole('heading', { name: 'bomb.jpg' }).waitFor()
    const { job } = await client.readAsset(bombId)
    await explain(job?.id ?? '')
    await page.getByText('Not found').waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'bomb.jpg' }).waitFor()
    expect(page.url()).toContain(job?.id)
    await explain('01980c5e-7d0a-7000-8000-000000000000')
    await page.getByText('Not found').waitFor()
  })

  it('releases a content from quarantine', async () => {
    const hash = sha256(notAnImage('quarantined'))
    const { status } = await client.request('POST', '/v1/admin/quarantine', {
      json: { sha256: hash, reason: 'it crashed a test', allProjects: true },
    })
    expect(status).toBe(201)
    const { page, complaints } = await open()
    const item = page.locator(`[data-testid=quarantined][data-sha256="${hash}"]`)
    await item.getByText('it crashed a test').waitFor()
    await item.getByTestId('release').click()
    await item.getByTestId('confirm-release').click()
    await item.waitFor({ state: 'detached' })
    await page.getByTestId('quarantine').getByText('Empty.').waitFor()
    expect(complaints).toEqual([])
  })

  it('shows alarms with what to do, and takes an acknowledgement', async () => {
    const alarm = {
      id: '01980c5e-7d0a-7000-8000-000000000001',
      code: 'STORE_CREDENTIALS',
      subject: 'image',
      message: 'The store refused the key.',
      action: 'Check `B2_KEY_ID`.',
      count: 3,
      raisedAt: new Date(Date.now() - 200_000).toISOString(),
      lastSeenAt: new Date().toISOString(),
    }
    let alarms = [alarm]
    const { page, complaints } = await open('/')
    await page.route('**/v1/admin/queues', async route => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, json: { ...(await answer.json()), alarms } })
    })
    await page.route(`**/v1/admin/alarms/${alarm.id}`, async route => {
      alarms = []
      await route.fulfill({ status: 204 })
    })
    await page.getByTestId('go-operations').click()
    const item = page.getByTestId('alarm')
    await item.getByText('Store credentials rejected').waitFor()
    expect(await item.textContent()).toMatch(/What to do: Check B2_KEY_ID\..*3 min ago, 3 times/)
    await shoot(page, 'desktop-light-4-alarm')
    await item.getByTestId('acknowledge').click()
    await item.waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  it('refreshes without replacing what is there, and not while the tab is hidden', async () => {
    const { page } = await open()
    const row = jobOf(page, 'bomb.jpg')
    await row.waitFor()
    await row.evaluate(element => Object.assign(element, { isMarked: true }))
    let requests = 0
    page.on('request', request => {
      if (request.url().includes('/v1/admin/jobs')) requests += 1
    })
    await uploadSettled('newcomer.jpg', notAnImage('newcomer'))
    await jobOf(page, 'newcomer.jpg').waitFor({ timeout: TWO_REFRESHES_MS })
    expect(await row.evaluate(element => 'isMarked' in element)).toBe(true)
    expect(requests).toBeGreaterThan(0)

    const setHidden = (isHidden: boolean) =>
      page.evaluate(
        state => {
          Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
          document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
        },
        isHidden ? 'hidden' : 'visible',
      )
    await setHidden(true)
    await page.waitForTimeout(1000)
    requests = 0
    await page.waitForTimeout(TWO_REFRESHES_MS)
    expect(requests).toBe(0)
    await setHidden(false)
    await expect.poll(() => requests, { timeout: TWO_REFRESHES_MS }).toBeGreaterThan(0)
  })

  const forbidden = {
    status: 403,
    contentType: 'application/problem+json',
    json: {
      code: 'FORBIDDEN',
      title: 'Forbidden',
      status: 403,
      detail: 'This API key does not have the required scope.',
    },
  }

  it('says what a key without admin scope lacks', async () => {
    const { page } = await open('/')
    await page.route('**/v1/admin/**', route => route.fulfill(forbidden))
    await page.getByTestId('go-operations').click()
    await page.getByRole('heading', { name: 'This API key does not have the scope “admin”' }).waitFor()
    expect(await page.getByTestId('jobs').count()).toBe(0)
  })

  it('shows the jobs to a key that is no operator, and a word about the rest', async () => {
    const { page } = await open('/')
    await page.route('**/v1/admin/queues', route => route.fulfill(forbidden))
    await page.getByTestId('go-operations').click()
    await jobOf(page, 'bomb.jpg').waitFor()
    await page.getByTestId('not-operator').waitFor()
    expect(await page.getByTestId('queues').count()).toBe(0)
    expect(await page.getByTestId('filter-project').count()).toBe(0)
  })

  it('keeps the list while the API fails, and says so', async () => {
    const { page } = await open()
    await jobOf(page, 'bomb.jpg').waitFor()
    await page.route('**/v1/admin/jobs?**', route => route.abort())
    await page.getByRole('alert').getByText('The jobs could not be read').waitFor({ timeout: TWO_REFRESHES_MS })
    expect(await jobOf(page, 'bomb.jpg').count()).toBe(1)
    await page.unroute('**/v1/admin/jobs?**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('alert').waitFor({ state: 'detached' })
  })

  it('can be used with the keyboard alone', async () => {
    const { page, complaints } = await open('/operations?code=TOO_MANY_PIXELS')
    await jobOf(page, 'bomb.jpg').waitFor()
    const tabTo = async (what: RegExp) => {
      for (let steps = 0; steps < 60; steps += 1) {
        await page.keyboard.press('Tab')
        if (what.test(await focused(page))) return
      }
      throw new Error(`no Tab leads to ${what}; in the end "${await focused(page)}"`)
    }
    await tabTo(/^bomb\.jpg$/)
    await page.keyboard.press('Enter')
    await page.getByTestId('summary').waitFor()
    await expect.poll(() => focused(page)).toBe('bomb.jpg')
    const attempts = await page.getByTestId('attempt').count()
    await tabTo(/^Requeue$/)
    await page.keyboard.press('Enter')
    await page.getByTestId('notice').getByText('Requeued bomb.jpg.').waitFor()
    await page.getByText(`Attempt ${attempts + 1}: failed`).waitFor()
    // The button went away while the job ran; the focus is not lost with it.
    expect(await focused(page)).toMatch(/^(bomb\.jpg|Requeue)$/)
    expect(complaints).toEqual([])
  })
})
