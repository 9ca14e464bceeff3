import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { PresetDefinition } from '@darkroom/contracts'
import { type MediaPool, plan } from '@darkroom/media'
import { type Spread, spread } from '../measure/statistics.ts'
import { say } from '../progress.ts'
import { prepare } from './compare.ts'
import { inPool } from './darkroom-maker.ts'
import type { Input } from './maker.ts'

/** Milliseconds from bytes on disk, of one photo, in turn with and without AVIF in the preset. */
export interface AvifDelay {
  photo: string
  runs: number
  firstPreviewMs: { without: Spread; with: Spread }
  allVariantsMs: { without: Spread; with: Spread }
}

const AVIF = [640, 1280].map(width => ({ name: `avif-${width}`, width, format: 'avif' as const, quality: 55 }))

/** Adds AVIF to every size of a preset. */
export const withAvif = (definition: PresetDefinition): unknown => ({
  ...definition,
  // First, so that the order in which they are made is not the order of the preset.
  image: { variants: [...AVIF, ...(definition.image?.variants ?? [])] },
})

export async function measureAvifDelay(
  pool: MediaPool,
  photo: Input,
  definitions: { without: PresetDefinition; with: PresetDefinition },
  { runs, tempDir }: { runs: number; tempDir: string },
): Promise<AvifDelay> {
  const first = { without: [] as number[], with: [] as number[] }
  const all = { without: [] as number[], with: [] as number[] }
  for (let run = 0; run <= runs; run++) {
    for (const name of ['without', 'with'] as const) {
      const times = await timePreview(pool, photo, definitions[name], join(tempDir, 'avif'))
      // The first turn warms up.
      if (run === 0) continue
      first[name].push(times.firstMs)
      all[name].push(times.allMs)
    }
  }
  say(`avif: ${runs} runs`)
  return {
    photo: photo.name,
    runs,
    firstPreviewMs: { without: spread(first.without), with: spread(first.with) },
    allVariantsMs: { without: spread(all.without), with: spread(all.with) },
  }
}

async function timePreview(pool: MediaPool, photo: Input, definition: PresetDefinition, workDir: string) {
  await prepare(photo, workDir)
  const startedMs = performance.now()
  let firstMs = 0
  await inPool(pool, 'image', async child => {
    const file = join(workDir, photo.name)
    const facts = await child.probe({ file, declaredType: photo.contentType })
    const onVariant = () => {
      firstMs ||= performance.now() - startedMs
    }
    await child.render({ file, facts, plan: plan(facts, definition), outDir: workDir }, { onVariant })
  })
  const allMs = performance.now() - startedMs
  await rm(workDir, { recursive: true })
  return { firstMs, allMs }
}
