import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Placeholder, PresetDefinition } from '@darkroom/contracts'
import { silentLogger } from '@darkroom/core'
import { mediaCodeDir } from '@darkroom/testing'
import { useResource } from '@darkroom/testing/use-resource'
import {
  type Facts,
  type Limits,
  MediaConfig,
  type MediaPool,
  type MediaPoolOptions,
  plan,
  type RenderedVariant,
  type SourceWarning,
  startMediaPool,
  toLimits,
  type VariantFile,
} from '../src/index.ts'

export const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/dev', import.meta.url))
export const noCorpus = existsSync(CORPUS) ? undefined : `the corpus is not at ${CORPUS}`

let marker = 1_000_000 + process.pid * 100

/** Limits with a time limit that no other pool has, by which its processes are found again. */
export function markedLimits(overrides: Partial<Limits> = {}): Limits {
  return { ...toLimits(MediaConfig.parse({})), timeoutMs: ++marker, ...overrides }
}

export const testPool = (limits: Limits, options: Partial<MediaPoolOptions> = {}): Promise<MediaPool> =>
  startMediaPool({
    size: 2,
    limits,
    logger: silentLogger,
    tempRoot: TEMP_ROOT,
    codeDir: CODE_DIR,
    ...options,
  })

/** Starts a pool for the tests of a file or a `describe` block, and closes it after them. */
export const usePool = (limits: Limits, options?: Partial<MediaPoolOptions>): MediaPool =>
  useResource(
    () => testPool(limits, options),
    pool => pool.close(),
  )

/** Lists the ids of the processes that were started with these limits. */
export function processesOf({ timeoutMs }: Limits): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && commandLine(name).includes(`"timeoutMs":${timeoutMs}`))
    .map(Number)
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** Goes with the run of the tests. */
const ROOT = process.env.DARKROOM_TEST_TEMP ?? tmpdir()
/** What the processes of these tests may see. */
export const TEMP_ROOT = mkdtempSync(path.join(ROOT, 'media-test-'))
const CODE_DIR = await mediaCodeDir()

export const tempDir = (): Promise<string> => mkdtemp(path.join(TEMP_ROOT, 'run-'))

export interface Processed {
  facts: Facts
  variants: VariantFile[]
  reports: RenderedVariant[]
  placeholder: Placeholder | null
  peakRssBytes: number
  /** What was said of the file, one of a code. */
  warnings: SourceWarning[]
}

interface ProcessOptions {
  file: string
  declaredType: string
  definition: PresetDefinition
  projectId?: string
  timeoutMs?: number
  signal?: AbortSignal
  onVariant?: (variant: RenderedVariant) => void
}

/** Probes, plans and renders a file, as a job does. */
export async function processFile(pool: MediaPool, options: ProcessOptions): Promise<Processed> {
  const { declaredType, definition, projectId = 'p', timeoutMs = 60_000, onVariant } = options
  const { file } = options
  const outDir = await tempDir()
  const signal = options.signal ?? new AbortController().signal
  return await pool.withChild({ projectId, signal, timeoutMs }, async child => {
    const warnings: SourceWarning[] = []
    const onWarning = (warning: SourceWarning) => {
      if (!warnings.some(({ code }) => code === warning.code)) warnings.push(warning)
    }
    const facts = await child.probe({ file, declaredType }, { onWarning })
    const reports: RenderedVariant[] = []
    const { placeholder } = await child.render(
      { file, facts, plan: plan(facts, definition), outDir },
      {
        onWarning,
        onVariant: variant => {
          reports.push(variant)
          onVariant?.(variant)
        },
      },
    )
    const variants = reports.filter((report): report is VariantFile => 'file' in report)
    return { facts, variants, reports, placeholder, peakRssBytes: child.peakRssBytes, warnings }
  })
}
