import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, LOOKS, launchChromium, openPage, overflow, shoot } from './harness/browser.ts'
import type { FileToUpload } from './harness/client.ts'
import type { Asset } from './harness/contract.ts'
import { eventually } from './harness/eventually.ts'
import { type Installation, install, uninstall } from './harness/installation.ts'
import { madeAvi } from './harness/media.ts'
import { startReceiver } from './harness/receiver.ts'
import { hasTool } from './harness/tools.ts'

const isPossible = hasChromium() && hasTool('ffmpeg', 'ffmpeg')
const MESSAGE = 'The file is truncated. The part that exists was processed.'
const TRUNCATED = {
  code: 'SOURCE_TRUNCATED',
  message: MESSAGE,
  detail: expect.stringMatching(/^[\d,]+ of [\d,]+ bytes are there, with \d+ of \d+ frames\.$/),
}
const [DESKTOP, , , PHONE] = LOOKS

describe.skipIf(!isPossible)('a video that was cut in half', () => {
  let installation: Installation
  let browser: Browser
  let whole: FileToUpload
  let half: FileToUpload
  let asset: Asset

  beforeAll(async () => {
    const bytes = new Uint8Array(madeAvi())
    whole = { name: 'whole.avi', contentType: 'video/x-msvideo', bytes }
    half = { ...whole, name: 'half.avi', bytes: bytes.slice(0, bytes.length / 2) }
    installation = await install()
    browser = await launchChromium()
  })

  afterAll(async () => {
    await browser?.close()
    if (installation) await uninstall(installation)
  })

  it('is published with a warning: over HTTP, in lists, as events, to webhooks and in explain', async () => {
    const { client } = installation
    const receiver = await startReceiver()
    const json = { url: receiver.url, events: ['asset.ready'] }
    expect((await client.request('POST', '/v1/webhooks', { json })).status).toBe(201)

    const uploads = await Promise.all([client.upload(half), client.upload(whole)])
    const [cut, other] = await Promise.all(uploads.map(({ asset: { id } }) => client.settled(id, 120_000)))
    if (!cut || !other) throw new Error('nothing was uploaded')
    asset = cut
    expect(cut).toMatchObject({ status: 'ready', error: null, warnings: [TRUNCATED] })
    expect(cut.variants.filter(({ status }) => status === 'ready').length).toBeGreaterThan(1)
    expect(other).toMatchObject({ status: 'ready', warnings: [] })

    const { items } = await client.list()
    const listed = items.map(({ filename, warnings }) => [filename, warnings])
    expect(Object.fromEntries(listed)).toEqual({ 'half.avi': [TRUNCATED], 'whole.avi': [] })

    const stream = await client.request<string>('GET', `/v1/assets/${asset.id}/events`)
    expect(stream.body).toContain(MESSAGE)
    const explained = await client.request('GET', `/v1/admin/assets/${asset.id}/explain`)
    expect(explained.body).toMatchObject({ blockedBy: null, warnings: [TRUNCATED] })

    const isTold = (count: number) => count === 2
    await eventually('two webhooks', () => receiver.received.length, isTold, { withinMs: 30_000 })
    const told = receiver.received.map(({ body }) => JSON.parse(body).data)
    expect(told.find(({ assetId }) => assetId === asset.id)).toMatchObject({ warnings: [TRUNCATED] })
    expect(told.find(({ assetId }) => assetId === other.id)).not.toHaveProperty('warnings')
    await receiver.close()
  })

  it.each([DESKTOP, PHONE])('is marked in the library, and its page says what is missing ($name)', async look => {
    const { page, context, complaints } = await openPage(browser, installation.darkroom.url, look)
    const tileOf = (name: string) => page.getByTestId('library-item').filter({ hasText: name })
    await tileOf('whole.avi').waitFor()
    expect(await tileOf('whole.avi').getByTestId('warning-mark').count()).toBe(0)
    const tile = tileOf('half.avi')
    await tile.getByTestId('warning-mark').waitFor()
    await tile.getByRole('button', { name: /^Show half\.avi, .*with a warning$/ }).click()
    const warning = page.getByRole('dialog').getByTestId('warnings').locator('[data-code=SOURCE_TRUNCATED]')
    await warning.getByText(MESSAGE).waitFor()
    await warning.getByText(/^[\d,]+ of [\d,]+ bytes are there, with \d+ of \d+ frames\.$/).waitFor()
    await shoot(page, `${look.name}-13-warning`)
    expect(await overflow(page)).toBe(0)
    expect(complaints).toEqual([])
    await context.close()
  })

  it('is refused where the project says so, and the row of the upload page says why', async () => {
    const { client } = installation
    const readProject = () => client.request<{ projectId: string }>('GET', '/v1/usage')
    const path = `/v1/admin/projects/${(await readProject()).body.projectId}`
    const set = (failOn: string[]) => client.request<object>('PATCH', path, { json: { failOn } })
    const misspelt = await set(['SOURCE_TRUNCATD'])
    expect(misspelt.status).toBe(400)
    expect(JSON.stringify(misspelt.body)).toContain('did you mean \\"SOURCE_TRUNCATED\\"?')
    expect(await set(['SOURCE_TRUNCATED'])).toMatchObject({ status: 200, body: { failOn: ['SOURCE_TRUNCATED'] } })

    const { page, context } = await openPage(browser, installation.darkroom.url, DESKTOP)
    const buffer = Buffer.from(half.bytes.slice(0, -1000))
    const files = [{ name: 'refused.avi', mimeType: 'video/x-msvideo', buffer }]
    await page.getByTestId('file-input').setInputFiles(files)
    const row = page.locator('[data-testid=upload-row][data-status=failed]').filter({ hasText: 'refused.avi' })
    await row.locator('[data-code=WARNING_REFUSED]').waitFor()
    await row.getByText(/^The project does not accept files with the warning SOURCE_TRUNCATED: [\d,]+ of/).waitFor()
    const id = (await row.getAttribute('data-asset-id')) ?? ''
    const refused = await client.readAsset(id)
    expect(refused).toMatchObject({ status: 'failed', error: { code: 'WARNING_REFUSED' }, warnings: [TRUNCATED] })
    expect(refused.variants).toEqual([])
    await context.close()
  })
})
