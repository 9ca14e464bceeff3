import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const PROGRAM = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(existsSync)
const MIB = 1024 * 1024

/** Sizes of windows that people have: a laptop. */
export const VIEWPORT = { width: 1280, height: 900 }

/** Starts Debian's Chromium; without a graphics card, as on this kind of machine. */
export async function openChromium(opened: AsyncDisposableStack): Promise<Browser> {
  const browser = await chromium.launch({
    ...(PROGRAM && { executablePath: PROGRAM }),
    args: ['--no-sandbox', '--disable-gpu'],
  })
  opened.defer(() => browser.close())
  return browser
}

/** What a page holds once nothing is left to be collected: MiB of JavaScript's heap, and nodes of the document. */
export interface Held {
  heapMib: number
  nodes: number
}

export async function heldBy(page: Page): Promise<Held> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = (await session.send('Runtime.getHeapUsage')) as { usedSize: number }
  const { nodes } = await session.send('Memory.getDOMCounters')
  await session.detach()
  return { heapMib: usedSize / MIB, nodes }
}
