import { z } from 'zod'
import { common } from './shared.ts'

export const ChaptersSpec = z.strictObject({ type: z.literal('chapters'), ...common }).meta({
  id: 'ChaptersSpec',
  description:
    'The chapters of the file with their titles, as WebVTT for a `<track kind="chapters">`. A file without chapters does not get this variant.',
})
export type ChaptersSpec = z.output<typeof ChaptersSpec>
