import type { Facts } from '../facts.ts'
import type { Fault } from '../fault.ts'
import type { Limits } from '../limits.ts'
import type { Timings } from '../pipeline/steps.ts'
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
}

export type Request =
  | { id: number; method: 'probe'; params: ProbeParams }
  | { id: number; method: 'render'; params: RenderParams }

/** A variant that stands, or why it does not. No path: the parent knows where it must be. */
export type VariantMessage =
  | { name: string; byteSize: number; width: number | null; height: number | null; sha256: string }
  | { name: string; fault: Fault }

export type Answer =
  | { type: 'ready' }
  | { type: 'variant'; id: number; variant: VariantMessage }
  /** How far the call is, from 0 to 1, and what it is doing, in at most 40 characters. */
  | { type: 'progress'; id: number; value: number; stage: string }
  | { type: 'done'; id: number; value: unknown; timings: Timings }
  | { type: 'fault'; id: number; fault: Fault }

/** The file of a variant inside `outDir`; both sides compute it. */
export const variantFileName = ({ name, extension }: Pick<PlannedVariant, 'name' | 'extension'>): string =>
  `${name}.${extension}`
