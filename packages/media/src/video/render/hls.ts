import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { SoundSource } from '../../audio/sound/source.ts'
import { MediaFault } from '../../fault.ts'
import { runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts'
import { finishVariant, variantFile } from '../../pipeline/finish-variant.ts'
import { variantFileName } from '../../sandbox/protocol.ts'
import type { PlannedHls } from '../planned.ts'
import { checkFrames } from './check-frames.ts'
import { audioArgs, videoArgs } from './encode-args.ts'
import type { FilmRender, Work } from './film-render.ts'
import { masterPlaylist } from './hls-master.ts'
import { type Bandwidth, bandwidthOf, pointTo } from './hls-playlist.ts'
import { WITHOUT_TAGS } from './output-args.ts'
import { encodedPixels } from './rendition.ts'

/** Each step is a making of its own, so that a retry makes only what is missing; the masters come last. */
export function hlsWorks(context: FilmRender, files: readonly PlannedHls[], sound: SoundSource | null): Work[] {
  const measured = new Map<string, Bandwidth>()
  const playlists = files.filter(({ part }) => part === 'playlist')
  const masters = files.filter(({ part }) => part === 'master')
  const steps = playlists.flatMap(playlist => {
    const media = files.find(({ part, name }) => part === 'media' && playlist.refersTo.includes(name))
    return media ? [stepWork(context, { playlist, media }, sound, measured)] : []
  })
  return [...steps, ...masters.map(master => masterWork(context, master, playlists, measured))]
}

interface StepFiles {
  playlist: PlannedHls
  media: PlannedHls
}

function stepWork(
  context: FilmRender,
  files: StepFiles,
  sound: SoundSource | null,
  measured: Map<string, Bandwidth>,
): Work {
  const { playlist, media } = files
  const step = stepOf(playlist)
  return {
    variants: [playlist, media],
    weight: encodedPixels(context, step),
    async make(onPart) {
      const text = await encodeStep(context, files, sound, onPart)
      await writeFile(variantFile(context, playlist), pointTo(text, `{{${media.name}}}`))
      await finishVariant(context, media)
      await finishVariant(context, playlist)
      measured.set(playlist.name, bandwidthOf(text))
    },
  }
}

/** Writes the media and returns ffmpeg's playlist of it. Key frames stand at the segments' borders, the same in all steps. */
async function encodeStep(
  context: FilmRender,
  { playlist, media }: StepFiles,
  sound: SoundSource | null,
  onProgress: (part: number) => void,
): Promise<string> {
  const { file, facts, outDir } = context
  const step = stepOf(playlist)
  const listed = `${playlist.name}.ffmpeg.m3u8`
  const stderr = await runFfmpeg(context, {
    ...{ file, type: facts.contentType, totalMs: facts.durationMs, onProgress },
    args: [
      ...videoArgs(facts, step),
      ...['-force_key_frames', `expr:gte(t,n_forced*${playlist.segmentSec})`, '-forced-idr', '1'],
      ...(await audioArgs(step, sound)),
      ...WITHOUT_TAGS,
      ...['-f', 'hls', '-hls_time', String(playlist.segmentSec), '-hls_playlist_type', 'vod'],
      ...['-hls_segment_type', 'fmp4', '-hls_flags', 'single_file'],
      ...['-hls_segment_filename', variantFileName(media), `file:${listed}`],
    ],
  })
  checkFrames(stderr)
  return await readFile(path.join(outDir, listed), 'utf8')
}

function masterWork(
  context: FilmRender,
  master: PlannedHls,
  playlists: readonly PlannedHls[],
  measured: ReadonlyMap<string, Bandwidth>,
): Work {
  return {
    variants: [master],
    weight: 0,
    async make() {
      const lost = playlists.find(({ name }) => master.refersTo.includes(name) && !measured.has(name))
      if (lost) throw new MediaFault('CORRUPT_FILE', `${lost.name}, which it lists, could not be made`)
      await writeFile(variantFile(context, master), masterPlaylist(master.steps, measured))
      await finishVariant(context, master)
    },
  }
}

function stepOf({ name, steps: [step] }: PlannedHls) {
  if (!step) throw new Error(`${name} belongs to no step`)
  return step
}
