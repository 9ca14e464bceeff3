import { mkdir } from 'node:fs/promises'
import type { PresetDefinition } from '@darkroom/contracts'
import {
  type Facts,
  type MediaPool,
  type PlannedVariant,
  plan,
  type SourceWarning,
  type VariantFailure,
} from '@darkroom/media'

const TIMEOUT_MS = 10 * 60_000

export interface FileToProcess {
  /** Below the pool's `tempRoot`. */
  file: string
  declaredType: string
}

export interface MadeVariant {
  planned: PlannedVariant
  file: string
}

export interface Processed {
  facts: Facts
  variants: MadeVariant[]
  /** Variants that could not be made while others could. */
  failures: VariantFailure[]
  warnings: SourceWarning[]
}

/**
 * Probes, plans and renders a file in a sandboxed process of its own, as a worker does it. Variants come into `outDir`.
 * @throws AppError when the file is refused
 */
export function processFile(
  pool: MediaPool,
  { file, declaredType }: FileToProcess,
  definition: PresetDefinition,
  outDir: string,
): Promise<Processed> {
  const signal = new AbortController().signal
  return pool.withChild({ projectId: 'bench', signal, timeoutMs: TIMEOUT_MS, isFresh: true }, async child => {
    await mkdir(outDir, { recursive: true })
    const warnings: SourceWarning[] = []
    const onWarning = (warning: SourceWarning) => void warnings.push(warning)
    const facts = await child.probe({ file, declaredType }, { onWarning })
    const planned = plan(facts, definition)
    const variants: MadeVariant[] = []
    const failures: VariantFailure[] = []
    await child.render(
      { file, facts, plan: planned, outDir },
      {
        onWarning,
        onVariant: made => {
          const one = planned.variants.find(({ name }) => name === made.name)
          if ('error' in made) failures.push(made)
          else if (one) variants.push({ planned: one, file: made.file })
        },
      },
    )
    return { facts, variants, failures, warnings }
  })
}
