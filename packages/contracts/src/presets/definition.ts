import { z } from 'zod'
import { FailOn } from '../warning-schemas.ts'
import { AudioVariantSpec } from './audio.ts'
import { DocumentVariantSpec } from './document.ts'
import { ImageVariantSpec } from './image.ts'
import { VideoVariantSpec } from './video.ts'

const MAX_VARIANTS = 50

type NamedSpec = { name: string; type?: string; pages?: number; ladder?: readonly { resolution: number }[] }

/** Names of the files that one entry means; most mean one. */
const FILES_OF: Record<string, (spec: NamedSpec) => string[]> = {
  page: ({ name, pages = 1 }) => (pages === 1 ? [name] : Array.from({ length: pages }, (_, at) => `${name}-${at + 1}`)),
  storyboard: ({ name }) => [name, `${name}-vtt`],
  hls: ({ name, ladder = [] }) => [
    name,
    ...ladder.flatMap(({ resolution }) => [`${name}-${resolution}`, `${name}-${resolution}-media`]),
  ],
}

/** Returns names of the variants that one entry of a preset means. */
export const filesOf = (spec: NamedSpec): string[] => FILES_OF[spec.type ?? '']?.(spec) ?? [spec.name]

function variantsOf<Spec extends z.ZodType<NamedSpec>>(spec: Spec) {
  const variants = z
    .array(spec)
    .min(1)
    .max(MAX_VARIANTS)
    .superRefine((specs, context) => {
      const seen = new Set<string>()
      for (const [index, one] of specs.entries()) {
        for (const name of filesOf(one)) {
          const message = `there is another variant named "${name}"`
          if (seen.has(name)) context.addIssue({ code: 'custom', path: [index, 'name'], message })
          seen.add(name)
        }
      }
    })
  return z.strictObject({ variants }).optional()
}

/** What to make for each kind of media; of a kind that is left out only a type icon. A version of a preset never changes. */
export const PresetDefinition = z
  .strictObject({
    image: variantsOf(ImageVariantSpec),
    video: variantsOf(VideoVariantSpec),
    audio: variantsOf(AudioVariantSpec),
    document: variantsOf(DocumentVariantSpec),
    failOn: FailOn.optional(),
  })
  .meta({
    id: 'PresetDefinition',
    description:
      'What to make for each kind of media. Files of a kind that is left out get only an icon of their type.',
  })
export type PresetDefinition = z.output<typeof PresetDefinition>

export const PresetRef = z.object({ name: z.string(), version: z.int() }).meta({ id: 'PresetRef' })
export type PresetRef = z.output<typeof PresetRef>
