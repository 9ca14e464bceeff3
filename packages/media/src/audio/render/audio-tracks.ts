import { tryVariants } from '../../pipeline/try-variant.ts'
import { renderAudioTrack } from '../encode/render-audio-track.ts'
import type { AudioRenderContext } from './context.ts'
import { progressOf } from './progress.ts'

/** One after another: each is on its own, and the first may be listened to while the next is made. */
export const audioTracksStep = {
  name: 'audioTracks',
  async run(context: AudioRenderContext): Promise<readonly string[]> {
    const made: string[] = []
    for (const variant of context.variants.filter(variant => variant.type === 'sound')) {
      const render = () => renderAudioTrack(context, variant, context.source, progressOf(context, [variant]))
      if (await tryVariants(context, [variant], render)) made.push(variant.name)
    }
    return made
  },
} as const
