import type { AudioFacts } from '../../facts.ts'
import type { ProbeContext } from '../../pipeline/kind.ts'
import { coverSize, readCover } from '../cover/read-cover.ts'
import type { AudioProbeResults } from './context.ts'

/** The embedded image. One that is too large or broken counts as none: the audio is worth having without it. */
export const coverStep = {
  name: 'cover',
  async run(context: ProbeContext, { probed }: Pick<AudioProbeResults, 'probed'>): Promise<AudioFacts['cover']> {
    const stream = probed.streams.find(({ disposition }) => disposition.attached_pic)?.index
    if (stream === undefined) return null
    const bytes = await readCover({ ...context, outDir: '/' }, { ...context, stream })
    const size = bytes && (await coverSize(bytes, context.limits))
    return size ? { stream, ...size } : null
  },
} as const
