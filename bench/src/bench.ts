import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import type { Asset } from '@darkroom/contracts'
import { measureFirstPreview, previewPhoto } from './checks/first-preview.ts'
import { sendOneByOne } from './checks/idle-previews.ts'
import { previewTimes } from './checks/previews.ts'
import { measureQuality } from './checks/quality.ts'
import type { Contender } from './contenders/contender.ts'
import { startIpx } from './contenders/ipx-contender.ts'
import { type SharpSetup, startSharp } from './contenders/sharp-contender.ts'
import { startDarkroom, startDarkroomOverS3 } from './darkroom/darkroom-contender.ts'
import { startPool } from './measure/media-pool.ts'
import type { Options } from './options.ts'
import { findFiles } from './photos/find-files.ts'
import type { Photo } from './photos/photo.ts'
import { planPhotos } from './photos/plan-photos.ts'
import { say } from './progress.ts'
import { race } from './race.ts'
import { fastest, machine, type Results, summarize } from './results.ts'
import { judge } from './targets.ts'

const CORES = availableParallelism()
const forked = { processes: CORES, inFlight: 1, threads: 1 }
const inOneProcess = { processes: 1, inFlight: CORES, threads: 1 }

/** Every way to decode once that may be the quickest; the limit is the one that is. */
const LIMITS: SharpSetup[] = [
  { id: 'once-forked', label: `sharp, decode once, ${CORES} processes`, mode: 'decodeOnce', ...forked },
  {
    id: 'once-in-process',
    label: `sharp, decode once, ${CORES} in flight in one process`,
    mode: 'decodeOnce',
    ...inOneProcess,
  },
]
const SHARPS: SharpSetup[] = [
  { id: 'per-variant', label: `sharp, per variant, ${CORES} processes`, mode: 'perVariant', ...forked },
  ...LIMITS,
]

/** Runs everything. What was started is handed to `running`, whose end ends it. */
export async function bench(options: Options, tempDir: string, running: AsyncDisposableStack): Promise<Results> {
  const startedAt = new Date().toISOString()
  const keep = <T extends { close(): Promise<void> }>(start: () => Promise<T>): Promise<T> => {
    // First, so that what is still coming up when everything ends is waited for and ended as well.
    running.defer(async () => (await started.catch(() => null))?.close())
    const started = start()
    return started
  }

  const pool = await keep(() => startPool(tempDir))
  const files = (await findFiles(options.photosFolder, tempDir)).slice(0, options.maxPhotos)
  const photos = await planPhotos(files, pool, join(tempDir, 'plan'))
  const contenders: Contender[] = []
  for (const setup of SHARPS) contenders.push(await keep(() => startSharp(setup)))
  contenders.push(await keep(() => startIpx(photos, tempDir)))
  const darkroom = await keep(() => startDarkroom(tempDir))
  contenders.push(darkroom, await keep(() => startDarkroomOverS3(tempDir)))

  const loadBefore = loadavg()[0] ?? 0
  const assetsUnderLoad: Asset[] = []
  const runs = await race(contenders, photos, options.rounds, ({ id }) => {
    if (id === darkroom.id) assetsUnderLoad.push(...darkroom.lastAssets())
  })
  const loadAfter = loadavg()[0] ?? 0

  say('previews, one photo at a time')
  const idle = await sendOneByOne(darkroom.client, photos.slice(0, options.idlePhotos))
  const firstPreview = await measureFirstPreview(previewPhoto(photos), {
    pool,
    darkroom,
    tempDir,
    repeats: options.repeats,
  })
  say('quality')
  const quality = await measureQuality(photos, darkroom.lastAssets())

  const limit = fastest(
    runs,
    LIMITS.map(({ id }) => id),
  )
  const results = summarize(contenders, runs, limit)
  return {
    startedAt,
    machine: machine(darkroom.sandbox),
    load: { before: loadBefore, after: loadAfter },
    photos: describe(photos),
    rounds: options.rounds,
    limit,
    contenders: results,
    previews: { idle: previewTimes(idle), underLoad: previewTimes(assetsUnderLoad) },
    firstPreview,
    quality,
    targets: judge({ contenders: results, firstPreview }),
  }
}

function describe(photos: readonly Photo[]): Results['photos'] {
  const sum = (of: (photo: Photo) => number) => photos.reduce((total, photo) => total + of(photo), 0)
  return {
    count: photos.length,
    megapixels: sum(({ facts }) => facts.width * facts.height) / 1e6,
    megabytes: sum(({ byteSize }) => byteSize) / 1e6,
    variantsEach: photos[0]?.variants.length ?? 0,
  }
}
