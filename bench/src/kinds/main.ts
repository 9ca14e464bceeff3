import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type MediaKind, PresetDefinition } from '@darkroom/contracts'
import type { MediaPool } from '@darkroom/media'
import { startPool } from '../measure/media-pool.ts'
import { say } from '../progress.ts'
import { machine } from '../results.ts'
import { type AvifDelay, measureAvifDelay, withAvif } from './avif-delay.ts'
import { measureBigVideo } from './big-video.ts'
import { type Comparison, compare } from './compare.ts'
import { darkroomMaker } from './darkroom-maker.ts'
import { kindTargets } from './kind-targets.ts'
import { KINDS } from './kinds.ts'
import { type KindOptions, readKindOptions, USAGE } from './options.ts'
import { builtIn, planInput } from './plan-input.ts'
import { type KindResults, kindsText } from './report.ts'

const PRESET = builtIn('default')

async function run(options: KindOptions): Promise<void> {
  const running = new AsyncDisposableStack()
  const tempDir = await mkdtemp(join(tmpdir(), 'darkroom-bench-media-'))
  running.defer(() => rm(tempDir, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void running.disposeAsync().finally(() => process.exit(130)))
  }
  try {
    const results = await measure(options, tempDir, running)
    await mkdir(dirname(options.jsonFile), { recursive: true })
    await writeFile(options.jsonFile, `${JSON.stringify(results, null, 2)}\n`)
    console.log(kindsText(results))
    say(`written: ${options.jsonFile}`)
  } finally {
    await running.disposeAsync()
  }
}

async function measure(options: KindOptions, tempDir: string, running: AsyncDisposableStack): Promise<KindResults> {
  const startedAt = new Date().toISOString()
  const before = loadavg()[0] ?? 0
  // One job at a time, with all cores: what the bare tools have as well.
  const pool = await startPool(tempDir, 1)
  running.defer(() => pool.close())
  const kinds: Comparison[] = []
  for (const kind of options.kinds) {
    const comparison = await measureKind(kind, pool, options, tempDir)
    if (comparison) kinds.push(comparison)
  }
  const avif = options.kinds.includes('image') ? await measureAvif(pool, options, tempDir) : null
  const big = options.isBig ? await measureBigVideo(tempDir, running) : null
  const load = { before, after: loadavg()[0] ?? 0 }
  const ffmpeg = /version (\S+)/.exec(execFileSync('ffmpeg', ['-version'], { encoding: 'utf8' }))?.[1] ?? 'unknown'
  const about = { ...machine(pool.sandbox.level), ffmpeg }
  return { startedAt, machine: about, load, kinds, avif, big, targets: kindTargets({ kinds, avif, big }) }
}

async function measureKind(
  kind: MediaKind,
  pool: MediaPool,
  { runs, isQuick }: KindOptions,
  tempDir: string,
): Promise<Comparison | null> {
  const { inputs: findInputs, bare: startBare } = KINDS[kind]
  const folder = join(tempDir, kind)
  await mkdir(folder, { recursive: true })
  const files = await findInputs(folder, isQuick)
  if (files.length === 0) {
    say(`${kind}: left out, there is no corpus`)
    return null
  }
  const planning = { pool, kind, workDir: join(folder, 'plan') }
  const inputs = await Promise.all(files.map(file => planInput(planning, file, PRESET)))
  const bare = await startBare()
  try {
    return await compare({ kind, inputs, darkroom: darkroomMaker(pool, PRESET), bare, runs, tempDir })
  } finally {
    await bare.close()
  }
}

async function measureAvif(pool: MediaPool, { runs, isQuick }: KindOptions, tempDir: string): Promise<AvifDelay> {
  const folder = join(tempDir, 'avif-photo')
  const [file] = await KINDS.image.inputs(folder, true)
  if (!file) throw new Error('there is no photo')
  const photo = await planInput({ pool, kind: 'image', workDir: join(folder, 'plan') }, file, PRESET)
  const definitions = { without: PRESET, with: PresetDefinition.parse(withAvif(PRESET)) }
  return measureAvifDelay(pool, photo, definitions, { runs: isQuick ? 2 : runs * 3, tempDir })
}

try {
  const options = readKindOptions(process.argv.slice(2))
  if (options) await run(options)
  else console.log(USAGE)
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
