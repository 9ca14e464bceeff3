import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { BUILT_IN_PRESETS, isErrorCode, type PresetDefinition } from '@darkroom/contracts'
import { isAppError, silentLogger } from '@darkroom/core'
import {
  type Facts,
  findTools,
  MediaConfig,
  type MediaPool,
  plan,
  startMediaPool,
  toLimits,
  type VariantFile,
} from '@darkroom/media'
import type { CorpusFile } from './corpus.ts'

export interface Outcome {
  source: CorpusFile
  /** Null where the file was refused. */
  facts: Facts | null
  variants: VariantFile[]
  /** The image that stands for it in a sheet; null where there is none. */
  image: Buffer | null
  /** Why it was refused. */
  code: string | null
}

/** Everything that the built-in presets can make of each kind. */
const PRESET: Record<Facts['kind'], string> = {
  image: 'default',
  video: 'video-on-demand',
  audio: 'podcast',
  document: 'document-library',
}

const definitionOf = (kind: Facts['kind']): PresetDefinition => {
  const found = BUILT_IN_PRESETS.findLast(({ name }) => name === PRESET[kind])
  if (!found) throw new Error(`there is no preset ${PRESET[kind]}`)
  return found.definition
}

/** Sends every file through the sandboxed pipeline, as a job does. SVG is switched on. */
export async function processCorpus(files: readonly CorpusFile[], folder: string): Promise<Outcome[]> {
  const tools = await findTools(process.env)
  const limits = toLimits(MediaConfig.parse({}), { acceptsSvg: true })
  const pool = await startMediaPool({
    size: availableParallelism(),
    limits,
    logger: silentLogger,
    tempRoot: folder,
    tools,
  })
  try {
    const outcomes: Outcome[] = []
    for (const [index, file] of files.entries()) {
      process.stderr.write(`\r${index + 1}/${files.length} ${file.name.padEnd(40)}`)
      outcomes.push(await processOne(pool, file, join(folder, String(index))))
    }
    process.stderr.write('\n')
    return outcomes
  } finally {
    await pool.close()
  }
}

async function processOne(pool: MediaPool, source: CorpusFile, workDir: string): Promise<Outcome> {
  await mkdir(workDir)
  const file = join(workDir, 'source')
  await copyFile(source.file, file)
  const signal = new AbortController().signal
  try {
    const job = { projectId: 'quality', signal, timeoutMs: 300_000, isFresh: true }
    return await pool.withChild(job, async child => {
      const facts = await child.probe({ file, declaredType: source.declaredType })
      const variants: VariantFile[] = []
      const input = { file, facts, plan: plan(facts, definitionOf(facts.kind)), outDir: workDir }
      await child.render(input, { onVariant: made => 'file' in made && variants.push(made) })
      return { source, facts, variants, image: await imageOf(variants), code: null }
    })
  } catch (error) {
    if (!isAppError(error) || !isErrorCode(error.code)) throw error
    return { source, facts: null, variants: [], image: null, code: error.code }
  }
}

const SHOWN = ['thumb', 'cover', 'waveform', 'icon']

async function imageOf(variants: readonly VariantFile[]): Promise<Buffer | null> {
  const shown = SHOWN.map(name => variants.find(variant => variant.name === name)).find(Boolean)
  return shown ? await readFile(shown.file) : null
}
