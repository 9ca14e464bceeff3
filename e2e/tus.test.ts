import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type FaultProxy, startFaultProxy } from '@darkroom/testing'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, LOOKS, launchChromium, openPage } from './harness/browser.ts'
import { createClient, LOCAL_KEY } from './harness/client.ts'
import { createHome, type Darkroom, type Home, type Service, startDarkroom } from './harness/darkroom.ts'
import { followGuide, runGuide } from './harness/guide.ts'
import { sha256 } from './harness/photos.ts'
import { freePort } from './harness/ports.ts'

/** Of each chunk of at most 64 kB: the file takes some ten seconds. */
const SLOW = { latencyMs: 25 }

describe.skipIf(!hasChromium())('tus-js-client in a browser, by the guide', () => {
  let home: Home
  let darkroom: Darkroom
  /** The network between browser and Darkroom. */
  let network: FaultProxy
  let server: Service
  let browser: Browser
  let url: string
  let file: { path: string; sha256: string; byteSize: number }

  beforeAll(async () => {
    home = await createHome()
    darkroom = await startDarkroom(home)
    browser = await launchChromium()
    const { folder } = await followGuide('upload-with-tus', home.folder)
    const port = await freePort()
    network = await startFaultProxy({ target: { host: '127.0.0.1', port: Number(new URL(darkroom.url).port) } })
    const api = `http://127.0.0.1:${network.port}`
    server = runGuide(folder, 'server.mjs', { DARKROOM_URL: api, DARKROOM_KEY: LOCAL_KEY, PORT: `${port}` })
    await server.line(new RegExp(`${port}$`, 'm'))
    url = `http://localhost:${port}/`
    // Noise, so that no part is like another.
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
    const image = sharp({ create: { width: 2700, height: 2700, channels: 3, background: 'grey', noise } })
    const bytes = await image.tiff({ compression: 'none' }).toBuffer()
    file = { path: join(home.folder, 'large.tif'), sha256: sha256(bytes), byteSize: bytes.length }
    await writeFile(file.path, bytes)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.killAll()
    await network?.close()
    await darkroom?.stop()
    await home?.remove()
  })

  const status = (page: Page) => page.getByRole('status').textContent()
  /** Waits until so much is sent, and fails at once with what the page says instead. */
  const reaches = (page: Page, wanted: number) =>
    page
      .waitForFunction(
        least => {
          const text = document.querySelector('[role=status]')?.textContent ?? ''
          if (!/^(\d+ %|Choose a file\.)$/.test(text)) throw new Error(text)
          return Number.parseInt(text, 10) >= least
        },
        wanted,
        { timeout: 60_000 },
      )
      .then(handle => handle.dispose())
  const isSent = (page: Page) => expect.poll(() => status(page), { timeout: 90_000 }).toBe('Sent.')
  const choose = (page: Page) => page.locator('input').setInputFiles(file.path)

  it('sends a file over a network that is cut, a reload and a kill of Darkroom, into one ready asset', async () => {
    const { page, context } = await openPage(browser, url, LOOKS[0])
    network.setFaults(SLOW)
    await choose(page)

    await reaches(page, 20)
    await network.stopAccepting()
    await network.resumeAccepting()

    await reaches(page, 40)
    await page.reload()
    const offsets: number[] = []
    page.on('response', response => {
      if (response.request().method() === 'HEAD') offsets.push(Number(response.headers()['upload-offset']))
    })
    await choose(page)
    await expect.poll(() => offsets.length).toBeGreaterThan(0)
    expect(offsets[0]).toBeGreaterThan(0)

    await reaches(page, 60)
    await darkroom.killAll()
    darkroom = await startDarkroom(home)
    network.setFaults({})
    await isSent(page)
    await context.close()

    const client = createClient(darkroom)
    const { items } = await client.list('?limit=200')
    expect(items.map(({ filename, byteSize }) => ({ filename, byteSize }))).toEqual([
      { filename: 'large.tif', byteSize: file.byteSize },
    ])
    const asset = await client.settled(items[0]?.id ?? '')
    expect({ status: asset.status, sha256: asset.sha256 }).toEqual({ status: 'ready', sha256: file.sha256 })
  })
})
