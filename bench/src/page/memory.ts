import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { startDarkroomProcess } from '../darkroom/darkroom-process.ts'
import { say } from '../progress.ts'
import { type Held, heldBy, openChromium, VIEWPORT } from './chromium.ts'
import { atMost, type Finding } from './finding.ts'
import { scratchFolder } from './scratch-folder.ts'

const BATCH = 100
/** What the page holds in the end, of what it held after the first hundred. */
const MOST_GROWTH = 1.5
const BATCH_MS = 300_000

/** Uploads files on the page, a hundred at a time, and measures what it holds once each hundred is ready and shown. */
export async function measureUploadMemory(uploads: number): Promise<Finding[]> {
  await using opened = new AsyncDisposableStack()
  const darkroom = await startDarkroomProcess(await scratchFolder(opened))
  opened.defer(() => darkroom.close())
  const folder = await scratchFolder(opened)
  const page = await (await openChromium(opened)).newPage({ viewport: VIEWPORT })
  await page.goto(darkroom.url)
  const held: Held[] = []
  for (let first = 0; first < uploads; first += BATCH) {
    await page.getByTestId('file-input').setInputFiles(await photos(folder, first))
    const all = first + BATCH
    await page.getByText(`${all} of ${all} ready`).waitFor({ timeout: BATCH_MS })
    const now = await heldBy(page)
    say(`${all} uploads: ${now.heapMib.toFixed(1)} MiB, ${now.nodes} nodes`)
    held.push(now)
  }
  const [early, late] = [held[0], held.at(-1)]
  if (!early || !late) return []
  return [
    atMost(`heap after ${uploads} uploads, of that after ${BATCH}`, late.heapMib / early.heapMib, {
      most: MOST_GROWTH,
      unit: '×',
      digits: 2,
    }),
  ]
}

async function photos(folder: string, first: number): Promise<string[]> {
  const paths: string[] = []
  for (let number = first; number < first + BATCH; number++) {
    const background = { r: number % 256, g: Math.floor(number / 256) * 40, b: 120 }
    const path = join(folder, `photo-${number}.jpg`)
    await writeFile(
      path,
      await sharp({ create: { width: 320, height: 240, channels: 3, background } })
        .jpeg()
        .toBuffer(),
    )
    paths.push(path)
  }
  return paths
}
