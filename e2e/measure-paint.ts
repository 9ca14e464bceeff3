import { launchChromium } from './harness/browser.ts'
import { createClient } from './harness/client.ts'
import { createHome, startDarkroom } from './harness/darkroom.ts'
import { jpegFile, madePhoto } from './harness/photos.ts'

const CPU_SLOWDOWN = 4
const TRIALS = 5
const SETTLED_MS = 2500
const PATHS = ['/', '/library', '/operations', '/settings'] as const

/**
 * Prints the largest contentful paint of pages on a processor that is made four times slower, with an empty cache each time:
 * `node e2e/measure-paint.ts`, after `npm run build --workspace @darkroom/web`.
 */
async function main(): Promise<void> {
  const home = await createHome()
  const darkroom = await startDarkroom(home)
  const browser = await launchChromium()
  try {
    const client = createClient(darkroom)
    for (const hue of [10, 80, 150, 220]) {
      const photo = jpegFile(`photo-${hue}.jpg`, await madePhoto({ width: 1200, height: 800, hue }))
      await client.settled((await client.upload(photo)).asset.id)
    }
    for (const path of PATHS) {
      const paints: number[] = []
      for (let trial = 0; trial < TRIALS; trial += 1) paints.push(await paintOf(darkroom.url + path))
      const [best, median] = [Math.min(...paints), paints.toSorted((a, b) => a - b)[Math.floor(TRIALS / 2)]]
      console.info(`${path}: largest paint ${median} ms (median of ${TRIALS}), best ${best} ms`)
    }
  } finally {
    await browser.close()
    await darkroom.stop()
    await home.remove()
  }

  async function paintOf(url: string): Promise<number> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
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
}

await main()
