import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { REPO_ROOT } from './darkroom.ts'
import { samplesOf } from './samples.ts'
import { hasTool } from './tools.ts'

/** Without a desktop it takes half the CPU time; the other one does as well. */
const CHROMIUMS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'] as const
const CHROMIUM = CHROMIUMS.find(existsSync) ?? CHROMIUMS[0]
export const hasChromium = (): boolean => hasTool(CHROMIUM, 'chromium-headless-shell')

const CHROMIUM_ARGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  // No renderer in reserve: most pages here are the only one of their window.
  '--disable-features=SpareRendererForSitePerProcess',
]
/** Where screenshots of the page go, for a person to look at. */
export const SCREENSHOTS = join(REPO_ROOT, 'test-results')

export interface Look {
  name: string
  viewport: { width: number; height: number }
  colorScheme: 'light' | 'dark'
}

const DESKTOP = { width: 1280, height: 900 }
const PHONE = { width: 375, height: 812 }

export const LOOKS = [
  { name: 'desktop-light', viewport: DESKTOP, colorScheme: 'light' },
  { name: 'desktop-dark', viewport: DESKTOP, colorScheme: 'dark' },
  { name: 'phone-light', viewport: PHONE, colorScheme: 'light' },
  { name: 'phone-dark', viewport: PHONE, colorScheme: 'dark' },
] as const satisfies readonly Look[]

/** What tests take that are the same for each: both widths and both schemes are in the short form too. */
export const SAMPLE_LOOKS = samplesOf([LOOKS[0], LOOKS[3], LOOKS[1], LOOKS[2]], ({ viewport }) => viewport)

export async function launchChromium(): Promise<Browser> {
  await mkdir(SCREENSHOTS, { recursive: true })
  return chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGS })
}

/** As long as a page of a busy machine may take; what never comes still fails before its test does. */
export const PAGE_TIMEOUT_MS = 120_000

export interface OpenPage {
  page: Page
  context: BrowserContext
  /** What the browser complained about: errors, CSP violations, answers that failed. */
  complaints: string[]
}

/** Opens a page of its own, with a clipboard and without animations. */
export async function openPage(browser: Browser, url: string, { viewport, colorScheme }: Look): Promise<OpenPage> {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' })
  context.setDefaultTimeout(PAGE_TIMEOUT_MS)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('response', response => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`)
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`CSP: ${violatedDirective} blocked ${blockedURI}`),
    )
  })
  await page.goto(url)
  return { page, context, complaints }
}

export interface LocalFile {
  name: string
  mimeType: string
  buffer: Buffer
}

/** Drops a file as a person does: over the window first. */
export async function dropFile(page: Page, { name, mimeType, buffer }: LocalFile): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([base64, name, type]) => {
      const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0))
      const transfer = new DataTransfer()
      transfer.items.add(new File([bytes], name, { type }))
      return transfer
    },
    [buffer.toString('base64'), name, mimeType] as const,
  )
  for (const type of ['dragenter', 'dragover', 'drop'])
    await page.locator('main').dispatchEvent(type, { dataTransfer: transfer })
}

export interface Network {
  /** Lets the page send so many bytes in a second, all its connections together; null ends that. */
  slow(bytesPerSec: number | null): Promise<void>
  setOffline(isOffline: boolean): Promise<void>
}

/**
 * Controls the network of a page, which can be made slower or cut. Use one session for a page: settings of several
 * cancel out.
 */
export async function networkOf(page: Page): Promise<Network> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  let offline = false
  let uploadThroughput = -1
  const apply = () =>
    session.send('Network.emulateNetworkConditions', {
      offline,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    })
  return {
    async slow(bytesPerSec) {
      uploadThroughput = bytesPerSec ?? -1
      await apply()
    },
    async setOffline(isOffline) {
      offline = isOffline
      await apply()
    },
  }
}

/** Measures by how many pixels the page is wider than the window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** Counts the images that were loaded and could be decoded. */
export const loadedImages = (locator: Locator): Promise<number> =>
  locator
    .locator('img')
    .evaluateAll(images => images.filter(image => image instanceof HTMLImageElement && image.naturalWidth > 0).length)

export const shoot = (page: Page, name: string): Promise<Buffer> =>
  page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true })
