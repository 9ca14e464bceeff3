import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PresetDefinition } from '@darkroom/contracts'
import { isAppError } from '@darkroom/core'
import type { MediaPool } from '@darkroom/media'
import { ffmpeg } from '../../kinds/bare/run-ffmpeg.ts'
import { type Processed, processFile } from '../../measure/process-file.ts'

/** What is made of a file of each kind: specs of variants, as in a preset. */
type Variants = Partial<Record<'image' | 'video' | 'audio' | 'document', object[]>>

export interface Made extends Processed {
  /** Path of a variant. @throws Error when it was not made */
  file(name: string): string
}

/** Where faults are looked for: a media pool, and folders for files. */
export interface FaultBed {
  pool: MediaPool
  newFolder(): Promise<string>
  /** Writes bytes to a file of their own. @returns its path */
  write(name: string, bytes: Buffer): Promise<string>
  /** Has ffmpeg write a file of this name. @returns its path */
  video(name: string, ...args: string[]): Promise<string>
  /** Sends a file through the sandboxed pipeline. @throws AppError when it is refused */
  make(file: string, declaredType: string, variants: Variants): Promise<Made>
  /** The code with which a file is refused, or `ready`. */
  codeOf(file: string, declaredType: string, variants: Variants): Promise<string>
}

/** Creates a bed for faults. `tempDir` is the pool's. */
export function faultBed(pool: MediaPool, tempDir: string): FaultBed {
  let count = 0
  const newFolder = async () => {
    const folder = join(tempDir, `fault-${++count}`)
    await mkdir(folder)
    return folder
  }
  const bed: FaultBed = {
    pool,
    newFolder,
    async write(name, bytes) {
      const file = join(await newFolder(), name)
      await writeFile(file, bytes)
      return file
    },
    async video(name, ...args) {
      const file = join(await newFolder(), name)
      await ffmpeg('-v', 'error', ...args, file)
      return file
    },
    async make(file, declaredType, variants) {
      const kinds = Object.entries(variants).map(([kind, specs]) => [kind, { variants: specs }])
      const definition = PresetDefinition.parse(Object.fromEntries(kinds))
      const made = await processFile(pool, { file, declaredType }, definition, await newFolder())
      const fileOf = (name: string) => {
        const found = made.variants.find(({ planned }) => planned.name === name)
        if (!found) throw new Error(`${name} was not made of ${file}`, { cause: made.failures[0]?.error })
        return found.file
      }
      return { ...made, file: fileOf }
    },
    async codeOf(file, declaredType, variants) {
      try {
        const { failures } = await bed.make(file, declaredType, variants)
        return failures[0]?.error.code ?? 'ready'
      } catch (error) {
        if (!isAppError(error)) throw error
        return error.code
      }
    },
  }
  return bed
}

/** Lists the warnings that the owner of a file sees, each of them once. */
export const toldOf = (warnings: Made['warnings']): string =>
  [...new Set(warnings.map(({ code, detail }) => `\`${code}\`: ${detail}`))].join(' ')
