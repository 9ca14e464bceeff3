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

/** What Google calls good is 0.1. */
const MOST_SHIFT = 0.02

interface Opening {
  /** Largest contentful paint, in milliseconds. */
  paint: number
  /** Cumulative layout shift: how much of what was shown moved by itself, of the window. */
  shift: number
}

/**
 * Measures the largest contentful paint of pages, and what moves while they come, on a processor that is made four times
 * slower and with an empty cache each time.
 */
export async function measurePaint(): Promise<Finding[]> {
  await using opened = new AsyncDisposableStack()
  const darkroom = await startDarkroomProcess(await scratchFolder(opened))
  opened.defer(() => darkroom.close())
  const assetId = await uploadPhotos(darkroom.url)
  const browser = await openChromium(opened)
  const findings: Finding[] = []
  for (const path of ['/', '/library', `/assets/${assetId}`, '/operations', '/presets', '/settings']) {
    const openings: Opening[] = []
    for (let trial = 0; trial < TRIALS; trial++) openings.push(await open(browser, darkroom.url + path))
    const paints = openings.map(({ paint }) => paint)
    const name = path.replace(assetId, '{id}')
    say(`${name}: ${openings.map(({ paint, shift }) => `${paint} ms, ${shift.toFixed(3)}`).join(' · ')}`)
    findings.push(
      atMost(`largest paint of ${name}, CPU ${CPU_SLOWDOWN} times slower`, median(paints), {
        most: MOST_MS,
        unit: 'ms',
      }),
      atMost(`layout shift of ${name}`, Math.max(...openings.map(({ shift }) => shift)), {
        most: MOST_SHIFT,
        unit: 'of the window',
        digits: 3,
      }),
    )
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

async function open(browser: Browser, url: string): Promise<Opening> {
  const context = await browser.newContext({ viewport: VIEWPORT })
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN })
  await page.addInitScript(() => {
    const seen = { paint: 0, shift: 0 }
    Object.assign(window, { seen })
    new PerformanceObserver(list => {
      seen.paint = list.getEntries().at(-1)?.startTime ?? 0
    }).observe({ type: 'largest-contentful-paint', buffered: true })
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) seen.shift += Number(Reflect.get(entry, 'value'))
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await page.goto(url)
  await page.waitForTimeout(SETTLED_MS)
  const { paint, shift } = await page.evaluate(() => Reflect.get(window, 'seen') as Opening)
  await context.close()
  return { paint: Math.round(paint), shift }
}
