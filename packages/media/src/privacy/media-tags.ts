import { z } from 'zod'
import type { PlannedVariant } from '../planned.ts'

const Tags = z.record(z.string(), z.string()).default({})
const Probed = z.object({
  format: z.object({ tags: Tags }),
  streams: z.array(
    z.object({
      codec_type: z.string().default('unknown'),
      disposition: z.object({ attached_pic: z.number().default(0) }).prefault({}),
      tags: Tags,
    }),
  ),
  chapters: z.array(z.unknown()).default([]),
})

/** What a tag of ours may say, by its name in lower case. */
const ALLOWED: Record<string, RegExp> = {
  major_brand: /^[\w ]{4}$/,
  minor_version: /^\d+$/,
  compatible_brands: /^[\w ]+$/,
  encoder: /^Lav[cf][\d.]*( \w+)?$/,
  language: /^[a-z]{3}$/,
  handler_name: /^(VideoHandler|SoundHandler)$/,
  vendor_id: /^(\[0\]\[0\]\[0\]\[0\]|FFMP)$/,
  duration: /^[\d:.]+$/,
}
/** What the owner of an audio file says of it on purpose. */
const AUDIO_TAGS = new Set(['title', 'artist', 'album'])
const STREAMS = new Set(['video', 'audio'])

/** Returns names of tags and streams, and chapters, as ffprobe shows them, that a published video or audio does not have. */
export function privateTags(probed: unknown, { type }: Pick<PlannedVariant, 'type'>): string[] {
  const { format, streams, chapters } = Probed.parse(probed)
  const tags = [format.tags, ...streams.map(({ tags }) => tags)].flatMap(tags => Object.entries(tags))
  const isAllowed = (name: string, value: string) =>
    ALLOWED[name]?.test(value) || (type === 'sound' && AUDIO_TAGS.has(name))
  return [
    ...(chapters.length > 0 ? ['chapters'] : []),
    ...tags.filter(([name, value]) => !isAllowed(name.toLowerCase(), value)).map(([name]) => `tag ${name}`),
    ...streams
      .filter(({ codec_type, disposition }) => !STREAMS.has(codec_type) || disposition.attached_pic !== 0)
      .map(({ codec_type, disposition }) =>
        disposition.attached_pic ? 'an attached picture' : `a ${codec_type} stream`,
      ),
  ]
}
