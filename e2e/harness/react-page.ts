import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { serveScript } from './sdk-page.ts'

/**
 * A page in React as a platform would write it. Its client has no key: a server of the platform creates uploads, for which
 * stands a second client. `?asset` shows an asset twice, as a logged-in page does.
 */
const SCRIPT = `
import { StrictMode, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { createDarkroom } from '@darkroom/sdk'
import { DarkroomProvider, Image, useAsset, useUpload } from '@darkroom/sdk/react'

const { url, key, asset } = Object.fromEntries(new URLSearchParams(location.search))
const server = createDarkroom({ url, key })
const create = (body, options) => server.uploads.create(body, options)

window.seen = []
window.shifts = []
new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(({ value }) => value)))
  .observe({ type: 'layout-shift', buffered: true })

function Figure({ asset }) {
  return <figure>
    <Image asset={asset} alt="A beach" width={600} height={400} sizes="600px" />
    <figcaption>caption</figcaption>
  </figure>
}

function Uploads() {
  const { uploads, upload } = useUpload({ create, partSize: 5_000_000 })
  const [item] = uploads
  useEffect(() => {
    if (item && window.seen.at(-1) !== item.status) window.seen.push(item.status)
  })
  return <>
    <p><input type="file" onChange={event => upload(event.target.files)} /></p>
    {item && <>
      <p>
        {['pause', 'resume', 'cancel', 'retry'].map(name => <button key={name} onClick={item[name]}>{name}</button>)}
      </p>
      <output>{item.status} {item.error?.code} {item.error?.advice} {item.assetId}</output>
      {item.asset && <Figure asset={item.asset} />}
    </>}
  </>
}

function Shown() {
  const { asset: known, error } = useAsset(asset)
  return <><output>{known?.status ?? 'loading'} {error?.code}</output><Figure asset={asset} /><Figure asset={asset} /></>
}

createRoot(document.querySelector('main')).render(
  <StrictMode>
    <DarkroomProvider client={asset ? server : createDarkroom({ url })}>{asset ? <Shown /> : <Uploads />}</DarkroomProvider>
  </StrictMode>,
)
`

/** Serves it, of another origin than the service. */
export const serveReactPage = () => serveScript({ body: '<main></main>', contents: SCRIPT, loader: 'tsx' })

/** Opens the page for a project. */
export async function openReactPage(page: Page, pageUrl: string, query: Record<string, string>): Promise<void> {
  await page.goto(`${pageUrl}?${new URLSearchParams(query)}`)
}

/** Waits until an image is painted, and returns its size in the page and the sum of what has shifted. */
export async function paintedImage(page: Page) {
  const image = page.getByRole('img', { name: 'A beach' }).first()
  await expect.poll(() => image.evaluate(element => (element as HTMLImageElement).naturalWidth ?? 0)).toBeGreaterThan(0)
  const { width, height } = (await image.boundingBox()) ?? { width: 0, height: 0 }
  const shifts = await page.evaluate<number[]>('window.shifts')
  return { width, height, shift: shifts.reduce((sum, value) => sum + value, 0) }
}
