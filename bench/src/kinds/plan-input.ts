import { link, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { BUILT_IN_PRESETS, type MediaKind, type PresetDefinition } from '@darkroom/contracts'
import { type MediaPool, plan } from '@darkroom/media'
import { inPool } from './darkroom-maker.ts'
import type { InputFile } from './inputs.ts'
import type { Input } from './maker.ts'

/** Finds the newest version of a built-in preset. */
export function builtIn(name: string): PresetDefinition {
  const preset = BUILT_IN_PRESETS.findLast(preset => preset.name === name)
  if (!preset) throw new Error(`there is no preset named ${name}`)
  return preset.definition
}

/** Lets Darkroom look at a file and plan it, so that everybody makes the very same files. */
export async function planInput(
  { pool, kind, workDir }: { pool: MediaPool; kind: MediaKind; workDir: string },
  { file, contentType }: InputFile,
  definition: PresetDefinition,
): Promise<Input> {
  const name = basename(file)
  await mkdir(workDir, { recursive: true })
  const linked = join(workDir, name)
  await link(file, linked)
  const facts = await inPool(pool, kind, child => child.probe({ file: linked, declaredType: contentType }))
  return { file, name, contentType, facts, variants: plan(facts, definition).variants }
}
