import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { insertManyAssets } from '@darkroom/testing'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { openService } from '../http/setting.ts'
import { percentile } from '../measure/statistics.ts'
import { say } from '../progress.ts'
import { heldBy, openChromium, VIEWPORT } from './chromium.ts'
import { atMost, type Finding } from './finding.ts'

/** Of a hundred frames 95 take no longer, in milliseconds. */
const TARGET_MS = 20
const SECONDS = 20
/** The memory of the page at the last asset, compared with that after the first thousands. */
const MOST_GROWTH = 1.5
/** Longest that a page may take to come. */
const WAIT_MS = 60_000

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

/** Measures how smoothly the library scrolls over many assets, and what it holds in memory on the way to the last one. */
export async function measureScroll(assets: number): Promise<Finding[]> {
  await using opened = new AsyncDisposableStack()
  const page = await openLibrary(opened, assets)
  const findings: Finding[] = []
  for (const view of ['grid', 'table']) {
    await page.goto(`${new URL(page.url()).origin}/library?view=${view}`)
    await page.getByTestId('library-item').first().waitFor({ timeout: WAIT_MS })
    const frames = await scroll(page, { pixels: 40, ms: SECONDS * 1000 })
    const [half, most, all] = [percentile(frames, 0.5), percentile(frames, 0.95), percentile(frames, 0.99)]
    const short = (100 * frames.filter(ms => ms < TARGET_MS).length) / frames.length
    say(
      `${view}, ${frames.length} frames: p50 ${half.toFixed(1)}, p95 ${most.toFixed(1)}, p99 ${all.toFixed(1)} ms; ${short.toFixed(1)} % under ${TARGET_MS} ms`,
    )
    findings.push(
      atMost(`95 % of frames, ${view} of ${assets} assets`, most, { most: TARGET_MS, unit: 'ms', digits: 1 }),
    )
    findings.push(await memoryToTheEnd(page, `${view} of ${assets} assets`))
  }
  return findings
}

async function openLibrary(opened: AsyncDisposableStack, assets: number): Promise<Page> {
  const { sql, api } = await openService(opened, STORE)
  say(`filling in ${assets} assets`)
  await insertManyAssets(sql, { assets, projects: 1 })
  const args = [CLI, 'keys', 'create', '--direct', '--project', 'library-1']
  const key = (await promisify(execFile)(process.execPath, args)).stdout.trim()
  const browser = await openChromium(opened)
  const page = await browser.newPage({ viewport: VIEWPORT })
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
  await page.goto(`${api.url}/library`)
  return page
}

async function memoryToTheEnd(page: Page, name: string): Promise<Finding> {
  const memory = [(await heldBy(page)).heapMib]
  for (let end = 0; end < 4; ) {
    await scroll(page, { pixels: 6000, ms: 4000 })
    memory.push((await heldBy(page)).heapMib)
    end = (await isAtEnd(page)) ? end + 1 : 0
    if (memory.length > 100) throw new Error('the end of the list does not come')
  }
  const [before = 0, after = 0] = [Math.max(...memory.slice(0, 3)), memory.at(-1)]
  say(`${name}: ${before.toFixed(1)} MiB in the first thousands, ${after.toFixed(1)} MiB at the end`)
  return atMost(`heap at the end, of that in the first thousands, ${name}`, after / before, {
    most: MOST_GROWTH,
    unit: '×',
    digits: 2,
  })
}

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
