import { execFileSync } from 'node:child_process'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, LOOKS, launchChromium, openPage } from './harness/browser.ts'
import type { Asset } from './harness/contract.ts'
import { type Installation, install, makePrivate, uninstall } from './harness/installation.ts'
import { madeVideo } from './harness/media.ts'
import { servePage } from './harness/player-page.ts'
import { hasTool } from './harness/tools.ts'

const WITHIN_MS = 180_000

interface View {
  expiresAt: string
  urls: Record<string, string>
  manifest: {
    html: string
    tracks: { kind: string; url: string; type: string }[]
    hls: { url: string } | null
    storyboard: { vtt: { url: string } } | null
  }
}

const hasTools = hasTool('ffmpeg', 'ffmpeg') && hasTool('ffprobe', 'ffmpeg') && hasChromium()

describe.skipIf(!hasTools)('a video of a private project', () => {
  let installation: Installation
  let browser: Browser
  let asset: Asset
  let view: View

  beforeAll(async () => {
    installation = await install()
    const { client } = installation
    await makePrivate(installation)
    const video = { name: 'video.mov', contentType: 'video/quicktime', bytes: new Uint8Array(madeVideo()) }
    const { asset: started } = await client.upload(video, { preset: 'video-on-demand' })
    asset = await client.settled(started.id, WITHIN_MS)
    expect(asset.status).toBe('ready')
    view = (await client.request<View>('GET', `/v1/assets/${asset.id}/view?ttl=900`)).body
    browser = await launchChromium()
  }, WITHIN_MS)
  afterAll(async () => {
    await browser?.close()
    if (installation) await uninstall(installation)
  })

  it('is nowhere to be had without a view', async () => {
    for (const { url } of asset.variants) expect((await fetch(url)).status).toBe(401)
    const file = await fetch(view.urls['mp4-720'] ?? '', { redirect: 'manual' })
    const signed = new URL(file.headers.get('location') ?? '')
    expect((await fetch(signed)).status).toBe(200)
    expect((await fetch(`${signed.origin}${signed.pathname}`)).status).toBe(403)
    expect((await fetch(`${signed.origin}${signed.pathname.replace('/darkroom/', '/darkroom-public/')}`)).status).toBe(
      404,
    )
  })

  it('plays from its playlist in ffprobe and ffmpeg, without a header', () => {
    const hls = view.urls.hls ?? ''
    const entries = ['-show_entries', 'stream=codec_type,width', '-of', 'csv=p=0']
    const streams = execFileSync('ffprobe', ['-v', 'error', ...entries, hls], { encoding: 'utf8', timeout: 60_000 })
    expect(streams).toMatch(/video/)
    expect(streams).toMatch(/audio/)
    const args = ['-v', 'error', '-nostdin', '-i', hls, '-map', '0:v:0', '-f', 'framemd5', '-']
    const frames = execFileSync('ffmpeg', args, { encoding: 'utf8', timeout: 60_000 })
    expect(frames.split('\n').filter(line => /^0,/.test(line)).length).toBeGreaterThanOrEqual(74)
  })

  it('plays in hls.js on a page of another origin, with its storyboard and its chapters', async () => {
    const [track] = view.manifest.tracks
    expect(track).toMatchObject({ kind: 'chapters', type: 'text/vtt' })
    const { server, url } = await servePage(`
      <img src="${view.urls['poster-640'] ?? view.urls.poster}">
      <video muted crossorigin>
        <track kind="metadata" src="${view.urls['storyboard-vtt']}">
        <track kind="${track?.kind}" src="${track?.url}">
      </video>
      <script src="/hls.js"></script>
      <script>
        const video = document.querySelector('video')
        for (const track of video.textTracks) track.mode = 'hidden'
        const hls = new Hls({ enableWorker: false })
        hls.on(Hls.Events.ERROR, (_, { fatal, details }) => fatal && console.error(details))
        hls.loadSource('${view.urls.hls}')
        hls.attachMedia(video)
        hls.on(Hls.Events.MANIFEST_PARSED, () => video.play())
      </script>`)
    try {
      const { page, context, complaints } = await openPage(browser, url, LOOKS[0])
      await page.waitForFunction(() => document.querySelector('video')?.ended)
      const seen = await page.evaluate(async () => {
        const video = document.querySelector('video') as HTMLVideoElement
        const cue = video.textTracks[0]?.cues?.[0] as VTTCue
        const sprite = new Image()
        sprite.src = cue.text.split('#')[0] ?? ''
        await sprite.decode()
        const image = document.querySelector('img') as HTMLImageElement
        const chapters = Array.from(video.textTracks[1]?.cues ?? [], cue => {
          const { startTime, endTime } = cue
          return [startTime, endTime, (cue as VTTCue).getCueAsHTML().textContent]
        })
        return { width: video.videoWidth, sprite: sprite.naturalWidth, poster: image.naturalWidth, chapters }
      })
      expect(complaints).toEqual([])
      expect(seen.width).toBeGreaterThan(0)
      expect(seen.sprite).toBeGreaterThan(0)
      expect(seen.poster).toBeGreaterThan(0)
      expect(seen.chapters).toEqual([
        [0, 1.5, 'Snow & ice'],
        [1.5, 3, 'Thaw'],
      ])
      await context.close()
    } finally {
      server.close()
    }
  })

  it('plays from the snippet of its manifest in Chromium', async () => {
    const { server, url } = await servePage(view.manifest.html)
    try {
      const { page, context } = await openPage(browser, url, LOOKS[0])
      const played = await page.evaluate(async () => {
        const video = document.querySelector('video') as HTMLVideoElement
        video.muted = true
        await video.play()
        await new Promise(resolve => video.addEventListener('timeupdate', resolve, { once: true }))
        return video.videoWidth
      })
      expect(played).toBeGreaterThan(0)
      await context.close()
    } finally {
      server.close()
    }
  })

  it('is shown and played on our own page', async () => {
    const { page, context, complaints } = await openPage(browser, installation.darkroom.url, LOOKS[0])
    const tile = page.getByTestId('library-item').filter({ hasText: 'video.mov' })
    const image = tile.locator('img')
    await image.waitFor()
    await expect.poll(() => image.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
    await tile.getByRole('button', { name: 'Show video.mov' }).click()
    const video = page.getByTestId('video')
    await expect.poll(() => video.evaluate((video: HTMLVideoElement) => video.readyState)).toBeGreaterThan(0)
    const opened = await page.getByRole('link', { name: 'Open mp4-720 in a new tab' }).getAttribute('href')
    expect((await fetch(opened ?? '')).headers.get('content-type')).toBe('video/mp4')
    expect(complaints).toEqual([])
    await context.close()
  })

  it('goes on playing on our own page while it is processed again', async () => {
    const { page, context } = await openPage(browser, installation.darkroom.url, LOOKS[0])
    let answers = 0
    // Work that goes on for as long as it takes to look: each answer has a new revision, as progress has.
    await page.route(/\/v1\/assets(\?|\/status$)/, async route => {
      const response = await route.fetch()
      const { items, ...rest } = (await response.json()) as { items: Asset[] }
      answers += 1
      const job = { id: asset.id, status: 'running', progress: answers / 1000, stage: null }
      const moved = items.map(item => ({ ...item, revision: item.revision + answers, job }))
      await route.fulfill({ response, json: { ...rest, items: moved } })
    })
    await page.reload()
    await page.getByRole('button', { name: 'Show video.mov' }).click()
    const video = page.getByTestId('video')
    const readyState = () => video.evaluate((video: HTMLVideoElement) => video.readyState)
    await expect.poll(readyState, { timeout: 20_000 }).toBeGreaterThan(0)
    const source = await video.getAttribute('src')
    const before = answers
    await expect.poll(() => answers, { timeout: 20_000 }).toBeGreaterThan(before + 3)
    expect(await video.getAttribute('src')).toBe(source)
    await context.close()
  })

  it('is named by the manifest of its view and not by that of the key', async () => {
    expect(view.manifest.hls?.url).toBe(view.urls.hls)
    expect(view.manifest.storyboard?.vtt.url).toBe(view.urls['storyboard-vtt'])
    const { body } = await installation.client.request<View['manifest']>('GET', `/v1/assets/${asset.id}/manifest`)
    expect([body.hls, body.storyboard]).toEqual([null, null])
    expect(body.tracks).toEqual([])
  })
})
