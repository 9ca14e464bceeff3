import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { createClient } from '../darkroom/contract.ts'
import { startDarkroomProcess } from '../darkroom/darkroom-process.ts'
import { median } from '../measure/statistics.ts'
import { say } from '../progress.ts'
import { openChromium, VIEWPORT } from './chromium.ts'
import { atMost, type Finding } from './finding.ts'
import { scratchFolder } from './scratch-folder.ts'

const CPU_SLOWDOWN = 4
const TRIALS = 5
/** After the page has loaded; nothing larger is painted later. */
const SETTLED_MS = 2500
const MOST_MS = 1500
const PHOTOS = 4
const POLL_MS = 200

/** Measures the largest contentful paint of pages on a processor that is made four times slower, with an empty cache each time. */
export async function measurePaint(): Promise<Finding[]> {
  await using opened = new AsyncDisposableStack()
  const darkroom = await startDarkroomProcess(await scratchFolder(opened))
  opened.defer(() => darkroom.close())
  const assetId = await uploadPhotos(darkroom.url)
  const browser = await openChromium(opened)
  const findings: Finding[] = []
  for (const path of ['/', '/library', `/assets/${assetId}`, '/operations', '/presets', '/settings']) {
    const paints: number[] = []
    for (let trial = 0; trial < TRIALS; trial++) paints.push(await paintOf(browser, darkroom.url + path))
    const name = `largest paint of ${path.replace(assetId, '{id}')}, CPU ${CPU_SLOWDOWN} times slower`
    say(`${name}: ${paints.join(', ')} ms`)
    findings.push(atMost(name, median(paints), { most: MOST_MS, unit: 'ms' }))
  }
  return findings
}

/** @returns the id of one of them */
async function uploadPhotos(url: string): Promise<string> {
  const client = createClient(url)
  const ids: string[] = []
  for (let photo = 0; photo < PHOTOS; photo++) {
    const background = { r: 60 * photo, g: 120, b: 200 - 40 * photo }
    const bytes = new Uint8Array(
      await sharp({ create: { width: 1200, height: 800, channels: 3, background } })
        .jpeg()
        .toBuffer(),
    )
    const sent = await client.send(
      { name: `photo-${photo}.jpg`, contentType: 'image/jpeg', byteSize: bytes.length },
      bytes,
    )
    await client.confirm(sent)
    ids.push(sent.assetId)
  }
  while (!(await client.statuses(ids)).every(({ status }) => status === 'ready'))
    await new Promise(resolve => setTimeout(resolve, POLL_MS))
  return ids[0] ?? ''
}

async function paintOf(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: VIEWPORT })
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN })
  await page.addInitScript(() => {
    new PerformanceObserver(list => {
      Object.assign(window, { largestPaint: list.getEntries().at(-1)?.startTime })
    }).observe({ type: 'largest-contentful-paint', buffered: true })
  })
  await page.goto(url)
  await page.waitForTimeout(SETTLED_MS)
  const paint = await page.evaluate(() => Reflect.get(window, 'largestPaint') as number)
  await context.close()
  return Math.round(paint)
}
