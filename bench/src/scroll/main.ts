import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { insertManyAssets } from '@darkroom/testing'
import { chromium, type Page } from 'playwright-core'
import sharp from 'sharp'
import { openService } from '../http/setting.ts'
import { percentile } from '../measure/statistics.ts'
import { say } from '../progress.ts'

// How smoothly the library of the page scrolls over many assets, and what it holds in memory on the way to the last one.

/** Of a hundred frames 95 take no longer, in milliseconds. */
const TARGET_MS = 20
/** The memory of the page at the last asset, compared with that after the first thousands. */
const MOST_GROWTH = 1.5
/** Longest that a page may take to come. */
const WAIT_MS = 60_000
const MIB = 1024 * 1024

const { values } = parseArgs({
  options: {
    assets: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '20' },
    view: { type: 'string', default: 'grid' },
  },
})
const [assets, seconds] = [Number(values.assets), Number(values.seconds)]
if (!assets || !seconds) throw new Error('assets and seconds are numbers above 0')

const CHROMIUM = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(existsSync)
const CLI = join(import.meta.dirname, '../../../apps/cli/src/main.ts')
/** Where the variants of the inserted rows would be, of which no bytes exist. */
const STORE = {
  B2_ENDPOINT: 'http://127.0.0.1:9',
  B2_REGION: 'local-000',
  B2_KEY_ID: 'localkey',
  B2_APPLICATION_KEY: 'localsecret',
  B2_BUCKET_NAME: 'darkroom',
  B2_PUBLIC_BUCKET_NAME: 'darkroom-public',
}

await using opened = new AsyncDisposableStack()
const { sql, api } = await openService(opened, STORE)
say(`filling in ${assets} assets`)
await insertManyAssets(sql, { assets, projects: 1 })
const args = [CLI, 'keys', 'create', '--direct', '--project', 'library-1']
const key = (await promisify(execFile)(process.execPath, args)).stdout.trim()

const browser = await chromium.launch({
  ...(CHROMIUM && { executablePath: CHROMIUM }),
  args: ['--no-sandbox', '--disable-gpu', '--js-flags=--expose-gc'],
})
opened.defer(() => browser.close())
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
const pictures = await Promise.all(
  [0, 60, 120, 180, 240, 300].map(hue =>
    sharp({ create: { width: 320, height: 240, channels: 3, background: { r: 200, g: 80, b: 60 } } })
      .modulate({ hue })
      .webp()
      .toBuffer(),
  ),
)
let served = 0
await page.route('**/thumb.webp', route =>
  route.fulfill({ contentType: 'image/webp', body: pictures[served++ % pictures.length] ?? Buffer.alloc(0) }),
)
await page.addInitScript(text => sessionStorage.setItem('darkroom.apiKey', text), key)
await page.goto(`${api.url}/library${values.view === 'table' ? '?view=table' : ''}`)
await page.getByTestId('library-item').first().waitFor({ timeout: WAIT_MS })

say(`scrolling for ${seconds} s`)
const frames = await scroll(page, { pixels: 40, ms: seconds * 1000 })
const [half, most, all] = [percentile(frames, 0.5), percentile(frames, 0.95), percentile(frames, 0.99)]
say(`${frames.length} frames: p50 ${half.toFixed(1)} ms, p95 ${most.toFixed(1)} ms, p99 ${all.toFixed(1)} ms`)
say(`under ${TARGET_MS} ms: ${((100 * frames.filter(ms => ms < TARGET_MS).length) / frames.length).toFixed(1)} %`)
say('scrolling to the last asset')
const memory = [await heapOf(page)]
for (let end = 0; end < 4; ) {
  await scroll(page, { pixels: 6000, ms: 4000 })
  memory.push(await heapOf(page))
  end = (await isAtEnd(page)) ? end + 1 : 0
  if (memory.length > 100) throw new Error('the end of the list does not come')
}
const cells = await page.getByTestId('library-item').count()

const [before = 0, after = 0] = [Math.max(...memory.slice(0, 3)), memory.at(-1)]
say(`heap: ${before.toFixed(1)} MiB in the first thousands, ${after.toFixed(1)} MiB at the end; ${cells} cells exist`)
say(`load of the machine: ${loadavg()[0]?.toFixed(1)}`)
if (most >= TARGET_MS || after > MOST_GROWTH * before) process.exitCode = 1

/** Scrolls by so many pixels in each frame, as a wheel or a finger does. @returns how long each frame took, in milliseconds */
function scroll(page: Page, options: { pixels: number; ms: number }): Promise<number[]> {
  return page.evaluate(
    ({ pixels, ms }) =>
      new Promise<number[]>(resolve => {
        const taken: number[] = []
        const start = performance.now()
        let last = start
        function step(now: number): void {
          if (now > last) taken.push(now - last)
          last = now
          window.scrollBy(0, pixels)
          if (now - start < ms) requestAnimationFrame(step)
          else resolve(taken.slice(1))
        }
        requestAnimationFrame(step)
      }),
    options,
  )
}

function isAtEnd(page: Page): Promise<boolean> {
  return page.evaluate(() => window.scrollY + window.innerHeight >= document.documentElement.scrollHeight - 10)
}

/** What the page holds once nothing is left to be collected, in MiB. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = (await session.send('Runtime.getHeapUsage')) as { usedSize: number }
  await session.detach()
  return usedSize / MIB
}
