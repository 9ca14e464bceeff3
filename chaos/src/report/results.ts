import { z } from 'zod'
import { VIOLATION_KINDS, type ViolationKind } from '../checker/violation.ts'
import { BACKENDS } from '../deployment/settings.ts'

const kinds = Object.keys(VIOLATION_KINDS) as ViolationKind[]

/** One scenario on one backend. */
export const CellResult = z.object({
  number: z.int(),
  name: z.string(),
  fault: z.string(),
  expected: z.string(),
  backend: z.enum(BACKENDS),
  /** Of the code that ran. */
  commit: z.string(),
  /** Faults that were inflicted. */
  trials: z.int(),
  /** Uploads that the system had acknowledged, in all trials. */
  assets: z.int(),
  counts: z.partialRecord(z.enum(kinds), z.int()),
  violations: z.array(z.object({ kind: z.enum(kinds), subject: z.string(), detail: z.string() })),
  figure: z.object({ meaning: z.string(), median: z.number().nullable(), worst: z.number().nullable() }),
  notes: z.record(z.string(), z.number()),
  /** Answers that clients got, by status. */
  statuses: z.record(z.string(), z.int()),
  seconds: z.number(),
  /** Why it did not run; null when it did. */
  skipped: z.string().nullable(),
})
export type CellResult = z.output<typeof CellResult>

/** A whole run; the document is made of it. */
export const Results = z.object({
  date: z.iso.datetime(),
  seed: z.string(),
  scale: z.number(),
  trials: z.int(),
  sabotage: z.string().nullable(),
  machine: z.object({ cpu: z.string(), cores: z.int(), memoryGb: z.number(), node: z.string(), os: z.string() }),
  seconds: z.number(),
  cells: z.array(CellResult),
})
export type Results = z.output<typeof Results>

export const isRed = (cell: CellResult): boolean => cell.violations.length > 0
