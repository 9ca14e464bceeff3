import { z } from 'zod'
import { common } from './shared.ts'

export const ChaptersSpec = z.strictObject({ type: z.literal('chapters'), ...common }).meta({
  id: 'ChaptersSpec',
  description:
    'The chapters that the file has, with their titles, as WebVTT for a `<track kind="chapters">`. For a file without chapters there is no such variant.',
})
export type ChaptersSpec = z.output<typeof ChaptersSpec>
