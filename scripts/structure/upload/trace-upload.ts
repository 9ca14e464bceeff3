import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { z } from 'zod'
import { startDarkroomProcess } from '../../../bench/src/darkroom/darkroom-process.ts'
import type { RanFunctions } from '../crossings.ts'
import type { Span } from '../modules.ts'
import { uploadPhoto } from './upload-photo.ts'

const PRELOAD = new URL('./coverage-on-signal.ts', import.meta.url)
/** Long enough for every task of maintenance to run once. */
const REST_MS = 20_000
const POLL_MS = 100
const DEADLINE_MS = 60_000

/** As V8 writes it. A range counts how often it ran; the first one of a function is the function. */
const Coverage = z.object({
  result: z.array(
    z.object({
      url: z.string(),
      functions: z.array(
        z.object({
          functionName: z.string(),
          ranges: z.array(z.object({ startOffset: z.number(), endOffset: z.number(), count: z.number() })),
        }),
      ),
    }),
  ),
})

export interface UploadTrace {
  /** What ran between the first request and the last. */
  upload: RanFunctions
  /** What ran before that, when there was nothing to do. */
  atRest: RanFunctions
}

/**
 * Uploads a photo to the `darkroom start` of a checkout. @returns the functions of ours that ran in its process, which is API,
 * worker and store; what runs in media processes is not in it
 */
export async function traceUpload(root: string): Promise<UploadTrace> {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-structure-'))
  try {
    const coverageDir = join(folder, 'coverage')
    await mkdir(coverageDir)
    const darkroom = await startDarkroomProcess(
      join(folder, 'data'),
      { NODE_V8_COVERAGE: coverageDir },
      { root, flags: ['--import', PRELOAD.href] },
    )
    try {
      await nextCoverage(darkroom.pid, coverageDir)
      await sleep(REST_MS)
      const atRest = ranFunctions(await nextCoverage(darkroom.pid, coverageDir), root)
      await uploadPhoto(darkroom.url)
      const upload = ranFunctions(await nextCoverage(darkroom.pid, coverageDir), root)
      return { upload, atRest }
    } finally {
      await darkroom.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Asks a process to write what ran since the last time. */
async function nextCoverage(pid: number, folder: string): Promise<z.output<typeof Coverage>> {
  const before = new Set(await readdir(folder))
  process.kill(pid, 'SIGUSR2')
  for (const deadline = Date.now() + DEADLINE_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    const file = (await readdir(folder)).find(name => !before.has(name) && name.includes(`-${pid}-`))
    const text = file && (await readFile(join(folder, file), 'utf8'))
    // It is there before it is whole.
    if (text?.endsWith('}')) return Coverage.parse(JSON.parse(text))
  }
  throw new Error(`process ${pid} wrote no coverage`)
}

function ranFunctions({ result }: z.output<typeof Coverage>, root: string): RanFunctions {
  const prefix = pathToFileURL(`${root}/`).href
  const ran = new Map<string, Span[]>()
  for (const { url, functions } of result) {
    if (!url.startsWith(prefix) || url.includes('/node_modules/')) continue
    const inside = functions.flatMap(({ functionName, ranges: [whole] }) =>
      whole && whole.count > 0 && (functionName !== '' || whole.startOffset > 0)
        ? [{ start: whole.startOffset, end: whole.endOffset }]
        : [],
    )
    if (inside.length > 0) ran.set(fileURLToPath(url).slice(root.length + 1), inside)
  }
  return ran
}
