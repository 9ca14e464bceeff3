import { lacksTool, MediaFault } from '../fault.ts'
import { faultOfFfmpeg, hasTooManyStreams } from './fault-of-ffmpeg.ts'
import { globalArgs, inputArgs } from './input-args.ts'
import type { FfmpegContext } from './run-ffmpeg.ts'
import { runTool } from './run-tool.ts'

const MAX_JSON_BYTES = 16_000_000

/** No more of each than is wanted: a file may have a hundred thousand. */
const CHAPTERS = 'chapter=start_time:chapter_tags=title'

/** Returns ffprobe's options for its format, streams and chapters as JSON, each on a line of its own, and for `more` entries in front of them. */
export const showAbout = (...more: readonly string[]): string[] => [
  ...['-print_format', 'json=compact=1', '-show_format', '-show_streams'],
  ...['-show_entries', [...more, CHAPTERS].join(':')],
]

/**
 * Returns what ffprobe says about a file's format, streams and chapters, unchecked. The file's tags are in it: let none of them out that is
 * not wanted by name.
 * @throws MediaFault DECODER_UNAVAILABLE, CORRUPT_FILE, TRUNCATED_FILE, UNSUPPORTED_TYPE, TOO_MANY_STREAMS, TOO_MANY_PIXELS,
 * RESOURCE_LIMIT, TIMEOUT
 */
export async function probeStreams(
  context: Omit<FfmpegContext, 'outDir'>,
  input: { file: string; type: string },
): Promise<unknown> {
  const answer = jsonAnswer()
  await runFfprobe(context, input, showAbout(), answer.add)
  return answer.parse()
}

export interface JsonAnswer {
  /** @throws MediaFault RESOURCE_LIMIT where it is longer than any file needs */
  add(chunk: Buffer): void
  parse(): unknown
}

/** Collects an answer of ffprobe's, which may be as long as the tags of a file. */
export function jsonAnswer(): JsonAnswer {
  const chunks: Buffer[] = []
  let bytes = 0
  return {
    add(chunk) {
      bytes += chunk.length
      if (bytes > MAX_JSON_BYTES) throw new MediaFault('RESOURCE_LIMIT', 'The file has too much metadata')
      chunks.push(chunk)
    },
    parse: () => JSON.parse(Buffer.concat(chunks).toString('utf8')),
  }
}

/** Runs ffprobe on an untrusted file; returns what it said on stderr. */
export async function runFfprobe(
  { tools, limits }: Omit<FfmpegContext, 'outDir'>,
  input: { file: string; type: string },
  show: readonly string[],
  onStdout: (chunk: Buffer) => void,
): Promise<string> {
  if (!tools) throw lacksTool('ffprobe')
  const args = ['-loglevel', 'level+error', ...globalArgs(limits), ...show, ...inputArgs(input, limits)]
  const timeoutMs = limits.timeoutMs
  const { code, signal, stderr } = await runTool({ command: tools.ffprobe, args, cwd: '/', timeoutMs, onStdout })
  if (code !== 0 || hasTooManyStreams(stderr)) throw faultOfFfmpeg(stderr, code, signal)
  return stderr
}
