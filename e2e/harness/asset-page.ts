import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { LOOKS, loadedImages, type OpenPage, openPage } from './browser.ts'

/** Opens the page of an asset, and waits until its first image or player is there. */
export async function openAssetPage(
  browser: Browser,
  url: string,
  id: string,
  look: (typeof LOOKS)[number] = LOOKS[0],
): Promise<OpenPage> {
  const opened = await openPage(browser, `${url}/assets/${id}`, look)
  await opened.page.getByTestId('asset-page').waitFor()
  return opened
}

/** Waits until so many images of the viewer are decoded. */
export const expectImages = (page: Page, count: number) =>
  expect.poll(() => loadedImages(page.getByTestId('viewer')), { timeout: 15_000 }).toBeGreaterThanOrEqual(count)

/** Chooses an entry of the menu of actions. */
export async function chooseAction(page: Page, testId: string): Promise<void> {
  await page.getByTestId('asset-menu').click()
  await page.getByTestId(testId).click()
}
