import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { startForked } from '../measure/forked.ts'
import { inParallel, lanes } from '../measure/in-parallel.ts'
import type { Photo, PlannedStillImage } from '../photos/photo.ts'
import { say } from '../progress.ts'
import type { Contender } from './contender.ts'
import { ROW_IDS } from './row-ids.ts'

const ENTRY = new URL('./ipx-child.ts', import.meta.url)
/** Requests at once; what suits ipx best on this machine is found by trying. */
const CONCURRENCIES = [1, 2, 3, 4, 8]
/** ipx rotates by EXIF only when asked, and one pixel may be lost to its own rounding. */
const TOLERANCE_PX = 1

interface Made {
  request: IpxRequest
  bytes: Buffer
}

interface IpxRequest {
  photo: Photo
  variant: PlannedStillImage
  url: string
}

export async function startIpx(photos: readonly Photo[], tempDir: string): Promise<Contender> {
  const dir = join(tempDir, 'ipx')
  await mkdir(dir)
  await Promise.all(photos.map((photo, index) => symlink(photo.file, join(dir, linkName(index)))))
  const { forked, greeting } = await startForked(ENTRY, [dir])
  const { port } = greeting as { port: number }
  const indexOf = new Map(photos.map((photo, index) => [photo.file, index]))

  let lastMade: Made[] = []
  const race = async (some: readonly Photo[], concurrency: number) => {
    const requests = some.flatMap(photo =>
      photo.variants.map(variant => {
        const path = `${modifiers(photo, variant)}/${linkName(indexOf.get(photo.file) ?? 0)}`
        return { photo, variant, url: `http://127.0.0.1:${port}/${path}` }
      }),
    )
    const made: Made[] = []
    const startedMs = performance.now()
    await inParallel(requests, lanes(concurrency), async request => {
      made.push({ request, bytes: await fetchBytes(request.url) })
    })
    lastMade = made
    return { images: some.length, seconds: (performance.now() - startedMs) / 1000 }
  }

  const concurrency = await bestConcurrency(photos.slice(0, 4), race)
  return {
    id: ROW_IDS.ipx,
    label: `ipx over HTTP (${concurrency} requests at once)`,
    pids: [forked.pid],
    run: some => race(some, concurrency),
    async check() {
      for (const { request, bytes } of lastMade) await checkSize(request, bytes)
    },
    close: () => forked.close(),
  }
}

const linkName = (index: number): string => `photo-${index}`

function modifiers({ facts }: Photo, { format, quality, width, height }: PlannedStillImage): string {
  const upright = facts.orientation === 1 ? '' : ',rotate_undefined'
  // `s` clamps to the stored size, which need not be upright; `enlarge` stops that. rotate(undefined) is by EXIF.
  return `f_${format},q_${quality},enlarge,s_${width}x${height}${upright}`
}

async function bestConcurrency(
  photos: readonly Photo[],
  race: (photos: readonly Photo[], concurrency: number) => Promise<{ seconds: number }>,
): Promise<number> {
  await race(photos, 2)
  const tried: { concurrency: number; seconds: number }[] = []
  for (const concurrency of CONCURRENCIES) tried.push({ concurrency, ...(await race(photos, concurrency)) })
  say(`ipx: ${tried.map(one => `${one.concurrency} at once ${one.seconds.toFixed(1)} s`).join(', ')}`)
  const best = tried.toSorted((a, b) => a.seconds - b.seconds)[0]
  return best?.concurrency ?? 2
}

async function fetchBytes(url: string): Promise<Buffer> {
  const response = await fetch(url)
  const bytes = Buffer.from(await response.arrayBuffer())
  if (response.status !== 200)
    throw new Error(`ipx answered ${response.status} to ${url}: ${bytes.toString('utf8', 0, 300)}`)
  return bytes
}

async function checkSize({ variant, url }: IpxRequest, bytes: Buffer): Promise<void> {
  const { width, height, format } = await sharp(bytes).metadata()
  const isSame = (a: number, b: number) => Math.abs(a - b) <= TOLERANCE_PX
  if (format === variant.format && isSame(width, variant.width) && isSame(height, variant.height)) return
  throw new Error(`ipx made ${format} ${width}×${height} of ${url}`)
}
