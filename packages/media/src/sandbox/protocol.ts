import type { Facts } from '../facts.ts'
import type { Limits } from '../limits.ts'
import type { PlannedVariant } from '../planned.ts'

/** Absolute paths of programs outside of npm, found by the parent. */
export interface Tools {
  ffmpeg: string
  ffprobe: string
}

/** What a child is told when it starts: JSON in its first argument. */
export interface ChildSettings {
  limits: Limits
  /** Threads that libvips may use. */
  threads: number
  /** Null where this machine has none. */
  tools: Tools | null
  /** Where V8's code of our own modules lies; null where nothing was compiled ahead. */
  codeDir: string | null
}

export interface ProbeParams {
  file: string
  /** Normalised. */
  declaredType: string
}

export interface RenderParams {
  file: string
  facts: Facts
  variants: PlannedVariant[]
  outDir: string
  /** Where a job makes its variants in two calls: the first one makes what to show until they are there. */
  part?: 'first' | 'rest'
}

export type Request =
  | { id: number; method: 'detect'; params: ProbeParams }
  | { id: number; method: 'probe'; params: ProbeParams }
  | { id: number; method: 'render'; params: RenderParams }

/** Returns the file of a variant inside `outDir`; both sides compute it. */
export const variantFileName = ({ name, extension }: Pick<PlannedVariant, 'name' | 'extension'>): string =>
  `${name}.${extension}`
