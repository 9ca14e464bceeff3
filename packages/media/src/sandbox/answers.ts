import { isMediaType, Placeholder, WARNING_CODES } from '@darkroom/contracts'
import { z } from 'zod'
import { Facts } from '../facts.ts'
import { FAULT_CODES } from '../fault.ts'
import { MAX_DETAIL_LENGTH, type SourceWarning } from '../source-warning.ts'

const id = z.int()
const fault = z.object({
  code: z.enum(FAULT_CODES),
  detail: z.string().max(1000),
  said: z.string().max(1000).optional(),
})
/** A variant that stands, or why it does not. No path: the parent knows where it must be. */
const variant = z.union([
  z.object({
    name: z.string(),
    byteSize: z.int().min(1),
    width: z.int().min(1).nullable(),
    height: z.int().min(1).nullable(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  z.object({ name: z.string(), fault }),
])

const warning: z.ZodType<SourceWarning> = z.object({
  code: z.enum(WARNING_CODES),
  detail: z
    .string()
    .max(MAX_DETAIL_LENGTH)
    .regex(/^\P{Cc}*$/u),
})

/** All that a child may say. It has touched untrusted bytes, so nothing that it sends is believed unchecked. */
export const AnswerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('variant'), id, variant }),
  /** How far the call is, from 0 to 1, and what it is doing. */
  z.object({ type: z.literal('progress'), id, value: z.number().min(0).max(1), stage: z.string().max(40) }),
  z.object({ type: z.literal('warning'), id, warning }),
  z.object({ type: z.literal('done'), id, value: z.unknown(), timings: z.record(z.string(), z.number()) }),
  z.object({ type: z.literal('fault'), id, fault }),
])

export type Answer = z.output<typeof AnswerSchema>
export type VariantMessage = z.output<typeof variant>
export type ProgressAnswer = Extract<Answer, { type: 'progress' }>

export const DetectValue = z.string().refine(isMediaType)

export const ProbeValue = Facts

export const RenderValue = z.object({
  placeholder: Placeholder.extend({ thumbhash: z.base64().max(64) }).nullable(),
})
