import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, LOOKS, launchChromium, openPage } from './harness/browser.ts'
import { createProject } from './harness/installation.ts'
import { madeNumberedVideo } from './harness/media.ts'
import { servePage } from './harness/player-page.ts'
import { hasTool } from './harness/tools.ts'

const WITHIN_MS = 180_000
const FRAME_RATE = 30
/** The audio goes on for two seconds, in which the last frame stands still. */
const VIDEO_SEC = 7
const AUDIO_SEC = 9

const STEPS = [
  { resolution: 120, effort: 1, maxFrameRate: 15 },
  { resolution: 240, effort: 1 },
]
const PRESET = {
  name: 'ladder',
  definition: { video: { variants: [{ name: 'hls', type: 'hls', segmentSec: 2, ladder: STEPS }] } },
}

/** What hls.js has told, and the number that the frame shows. */
const PLAYER = (hls: string) => `
  <video muted crossorigin></video><script src="/hls.js"></script>
  <script>
    const video = document.querySelector('video')
    const told = (window.told = [])
    const hls = (window.hls = new Hls({ enableWorker: false, startLevel: 0 }))
    hls.on(Hls.Events.ERROR, (_, { details }) => told.push(details))
    hls.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => (window.level = level))
    hls.loadSource('${hls}')
    hls.attachMedia(video)
    window.shownNumber = () => {
      const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight)
      const context = canvas.getContext('2d', { willReadFrequently: true })
      context.drawImage(video, 0, 0)
      const bits = Array.from({ length: 8 }, (_, bit) =>
        context.getImageData(((bit + 0.5) * canvas.width) / 8, canvas.height / 2, 1, 1).data[0] > 127 ? 2 ** bit : 0)
      return bits.reduce((sum, bit) => sum + bit, 0)
    }
  </script>`

/** What hls.js tells, and gets over, when it is made to change the step while it appends a segment of the one before. */
const TOLD_BY_SWITCHING: readonly string[] = ['aborted', 'bufferAppendNoProgress']

interface PlayerWindow {
  told: string[]
  level: number
  hls: { currentLevel: number }
  shownNumber(): number
}

/** Moves to each of these times and reads the frame that is then shown. */
async function numbersAt(times: readonly number[]): Promise<number[]> {
  const { shownNumber } = window as unknown as PlayerWindow
  const video = document.querySelector('video') as HTMLVideoElement
  const numbers: number[] = []
  for (const sec of times) {
    const seeked = new Promise(resolve => video.addEventListener('seeked', resolve, { once: true }))
    video.currentTime = sec
    await seeked
    await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    numbers.push(shownNumber())
  }
  return numbers
}

const hasTools = hasTool('ffmpeg', 'ffmpeg') && hasChromium()

describe.skipIf(!hasTools)('a ladder in hls.js', () => {
  let browser: Browser
  let hls: string

  beforeAll(async () => {
    // Views may be played from any origin.
    const { client } = await createProject({ isPrivate: true })
    expect((await client.request('POST', '/v1/presets', { json: PRESET })).status).toBe(201)
    const bytes = new Uint8Array(madeNumberedVideo({ sec: VIDEO_SEC, frameRate: FRAME_RATE }))
    const { asset } = await client.upload({ name: 'n.mp4', contentType: 'video/mp4', bytes }, { preset: PRESET.name })
    expect((await client.settled(asset.id, WITHIN_MS)).status).toBe('ready')
    const view = await client.request<{ urls: Record<string, string> }>('GET', `/v1/assets/${asset.id}/view?ttl=900`)
    hls = view.body.urls.hls ?? ''
    browser = await launchChromium()
  }, WITHIN_MS)
  afterAll(() => browser?.close())

  it('shows the right frame at each tenth of each step, plays to the end, and never stalls', async () => {
    const { server, url } = await servePage(PLAYER(hls))
    try {
      const { page, context, complaints } = await openPage(browser, url, LOOKS[0])
      await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2)
      // hls.js counts the frames that are decoded before the first one is shown, at both ends.
      const durationSec = await page.evaluate(() => document.querySelector('video')?.duration ?? 0)
      expect(Math.abs(durationSec - AUDIO_SEC)).toBeLessThan(0.3)
      const frames = Array.from({ length: 10 }, (_, n) => Math.floor((AUDIO_SEC * FRAME_RATE * n) / 10))
      const last = VIDEO_SEC * FRAME_RATE - 1
      for (const [level, { maxFrameRate = FRAME_RATE }] of STEPS.entries()) {
        await page.evaluate(level => {
          ;(window as unknown as PlayerWindow).hls.currentLevel = level
        }, level)
        await page.waitForFunction(level => (window as unknown as PlayerWindow).level === level, level)
        const numbers = await page.evaluate(
          numbersAt,
          frames.map(frame => (frame + 0.5) / FRAME_RATE),
        )
        // A frame of the slower step is shown for as long as two.
        const tolerance = FRAME_RATE / maxFrameRate - 1
        for (const [n, shown] of numbers.entries())
          expect(Math.abs(shown - Math.min(frames[n] ?? 0, last)), `${level}: ${numbers}`).toBeLessThanOrEqual(
            tolerance,
          )
      }
      const told = () => page.evaluate(() => (window as unknown as PlayerWindow).told.splice(0))
      expect((await told()).filter(details => !TOLD_BY_SWITCHING.includes(details))).toEqual([])
      await page.evaluate(async () => {
        const video = document.querySelector('video') as HTMLVideoElement
        video.currentTime = 0
        await video.play()
      })
      await page.waitForFunction(() => document.querySelector('video')?.ended)
      expect(await told()).toEqual([])
      expect(complaints).toEqual([])
      await context.close()
    } finally {
      server.close()
    }
  })
})
