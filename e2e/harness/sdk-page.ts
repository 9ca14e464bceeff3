import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { REPO_ROOT } from './darkroom.ts'

/** A page as a platform would write it: a file field, and what has become of the upload. */
const SCRIPT = `
import { createDarkroom } from '@darkroom/sdk'
window.start = (url, key) => {
  const darkroom = createDarkroom({ url, key })
  const [file] = document.querySelector('input').files
  const show = text => { document.querySelector('output').textContent = text }
  const onProgress = ({ phase, sentBytes }) => { window.progress = { phase, sentBytes } }
  darkroom.upload(file, { partSize: 5_000_000, onProgress }).then(
    ({ asset, waitUntilReady }) => waitUntilReady().then(() => show('ready ' + asset.id)),
  ).catch(error => show(error.name + ' ' + error.code + ' ' + error.message))
}
document.querySelector('output').textContent = 'loaded'
`

/** Serves such a page, of another origin than the service. A page that a test makes up may not talk to the loopback address. */
export const serveSdkPage = () =>
  serveScript({ body: '<input type="file"><output></output>', contents: SCRIPT, loader: 'js' })

export interface ServedPage {
  url: string
  close(): void
}

/** Serves a page with this module and what it imports. */
export async function serveScript({
  body,
  ...script
}: {
  body: string
  contents: string
  loader: 'js' | 'tsx'
}): Promise<ServedPage> {
  const { outputFiles } = await build({
    stdin: { ...script, resolveDir: REPO_ROOT },
    bundle: true,
    jsx: 'automatic',
    write: false,
    format: 'esm',
    logLevel: 'error',
  })
  const code = outputFiles[0]?.text ?? ''
  const html = `<!doctype html><title>SDK</title>${body}<script type="module">${code}</script>`
  const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html; charset=utf-8').end(html))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Chooses a file on disk and uploads it. */
export async function startUpload(page: Page, file: string, { url, key }: { url: string; key: string }): Promise<void> {
  await page.getByText('loaded').waitFor()
  await page.locator('input').setInputFiles(file)
  await page.evaluate(`start(${JSON.stringify(url)}, ${JSON.stringify(key)})`)
}

/** Waits until an upload has ended, and returns the id of the asset that is ready. */
export async function uploadedAsset(page: Page): Promise<string> {
  const output = page.locator('output')
  await output.filter({ hasText: /^(ready|\w*Error)/ }).waitFor()
  const text = (await output.textContent()) ?? ''
  const [outcome, id = ''] = text.split(' ')
  if (outcome !== 'ready') throw new Error(text)
  return id
}
