import { writeFile } from 'node:fs/promises'
import type { AudioSource } from '../../audio/encode/audio-source.ts'
import { MediaFault } from '../../fault.ts'
import { runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts'
import { finishVariant, variantFile } from '../../pipeline/finish-variant.ts'
import { variantFileName } from '../../sandbox/protocol.ts'
import type { PlannedHls } from '../planned.ts'
import { inputOf } from './alpha.ts'
import { checkFrames } from './check-frames.ts'
import { watch } from './damage.ts'
import { audioArgs } from './encode-args.ts'
import { masterPlaylist } from './hls-master.ts'
import { type Bandwidth, bandwidthOf, mediaPlaylist } from './hls-playlist.ts'
import { readSegments } from './hls-segments.ts'
import { timelineArgs } from './hls-timeline.ts'
import { WITHOUT_TAGS } from './output-args.ts'
import { encodedPixels } from './rendition.ts'
import type { VideoRender, Work } from './video-render.ts'

/** Returns the work of each step. Each is a making of its own, so that a retry makes only what is missing; the masters come last. */
export function hlsWorks(context: VideoRender, files: readonly PlannedHls[], audio: AudioSource | null): Work[] {
  const measured = new Map<string, Bandwidth>()
  const playlists = files.filter(({ part }) => part === 'playlist')
  const masters = files.filter(({ part }) => part === 'master')
  const steps = playlists.flatMap(playlist => {
    const media = files.find(({ part, name }) => part === 'media' && playlist.refersTo.includes(name))
    return media ? [stepWork(context, { playlist, media }, audio, measured)] : []
  })
  return [...steps, ...masters.map(master => masterWork(context, master, playlists, measured))]
}

interface StepFiles {
  playlist: PlannedHls
  media: PlannedHls
}

function stepWork(
  context: VideoRender,
  files: StepFiles,
  audio: AudioSource | null,
  measured: Map<string, Bandwidth>,
): Work {
  const { playlist, media } = files
  const step = stepOf(playlist)
  return {
    variants: [playlist, media],
    weight: encodedPixels(context, step),
    async make(onPart) {
      await encodeStep(context, files, audio, onPart)
      const segments = await readSegments(variantFile(context, media))
      await writeFile(variantFile(context, playlist), mediaPlaylist(segments, `{{${media.name}}}`))
      await finishVariant(context, media)
      await finishVariant(context, playlist)
      measured.set(playlist.name, bandwidthOf(segments))
    },
  }
}

/** Writes the media: a fragment for each segment, and its index in front of it. */
async function encodeStep(
  context: VideoRender,
  { playlist, media }: StepFiles,
  audio: AudioSource | null,
  onProgress: (part: number) => void,
): Promise<void> {
  const { facts } = context
  const step = stepOf(playlist)
  const stderr = await runFfmpeg(context, {
    ...inputOf(context),
    totalMs: facts.durationMs,
    onProgress,
    onLine: watch(context),
    args: [
      ...timelineArgs(facts, step, playlist),
      ...(await audioArgs(step, audio, [`apad=whole_dur=${facts.durationMs / 1000}`])),
      ...WITHOUT_TAGS,
      ...['-f', 'mp4', '-movflags', '+frag_keyframe+dash+delay_moov+skip_trailer'],
      `file:${variantFileName(media)}`,
    ],
  })
  checkFrames(stderr)
}

function masterWork(
  context: VideoRender,
  master: PlannedHls,
  playlists: readonly PlannedHls[],
  measured: ReadonlyMap<string, Bandwidth>,
): Work {
  return {
    variants: [master],
    weight: 0,
    async make() {
      const lost = playlists.find(({ name }) => master.refersTo.includes(name) && !measured.has(name))
      if (lost) throw new MediaFault('CORRUPT_FILE', `${lost.name}, which it refers to, could not be made`)
      await writeFile(variantFile(context, master), masterPlaylist(master, measured))
      await finishVariant(context, master)
    },
  }
}

function stepOf({ name, steps: [step] }: PlannedHls) {
  if (!step) throw new Error(`${name} belongs to no step`)
  return step
}
