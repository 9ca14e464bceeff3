import { type FaultCode, MediaFault } from '../fault.ts'

/** What ffmpeg says, and what it means. The first match wins. */
const MESSAGES: readonly [RegExp, FaultCode, string][] = [
  [/: no space left on device$/i, 'NO_SPACE', 'The disk is full'],
  [/: file too large$/i, 'OUTPUT_TOO_LARGE', 'The result is larger than allowed (MAX_OUTPUT_MB)'],
  [/number of streams exceeds/i, 'TOO_MANY_STREAMS', 'The file has more tracks than allowed (MAX_STREAMS)'],
  [
    /exceeds specified max pixel count|picture size \S+ is invalid/i,
    'TOO_MANY_PIXELS',
    'The picture is larger than allowed (MAX_IMAGE_PIXELS)',
  ],
  [
    /no such filter|unknown encoder|encoder not found/i,
    'DECODER_UNAVAILABLE',
    'This ffmpeg lacks a part that is needed',
  ],
  [
    /: (cannot allocate memory|resource temporarily unavailable)$|error allocating|failed to allocate|get_buffer\(\) failed/i,
    'RESOURCE_LIMIT',
    'Decoding needs more memory than allowed',
  ],
  [/moov atom not found|end of file|ended prematurely|partial file/i, 'TRUNCATED_FILE', 'The file ends too early'],
  [/codec \(\w+\) not on whitelist/i, 'UNSUPPORTED_TYPE', 'The file has a track in a codec that is not taken'],
  [/not on whitelist|protocol not found/i, 'UNSUPPORTED_TYPE', 'The file is of a format that is not taken'],
]

/**
 * By the signal that ended it; every other one is a limit that the sandbox has set. SIGKILL is none of those: a process that
 * needs too much memory is killed as a whole, so ffmpeg alone is killed by a system that is short of it, or by a person.
 */
const SIGNALS: Record<string, readonly [FaultCode, string]> = {
  SIGXFSZ: ['OUTPUT_TOO_LARGE', 'The result is larger than allowed (MAX_OUTPUT_MB)'],
  SIGKILL: ['WORKER_CRASHED', 'ffmpeg was killed'],
  SIGSEGV: ['WORKER_CRASHED', 'ffmpeg crashed'],
  SIGABRT: ['WORKER_CRASHED', 'ffmpeg crashed'],
  SIGBUS: ['WORKER_CRASHED', 'ffmpeg crashed'],
  SIGFPE: ['WORKER_CRASHED', 'ffmpeg crashed'],
  SIGILL: ['WORKER_CRASHED', 'ffmpeg crashed'],
}

/** The end of an ffmpeg that failed as a fault with a code. */
export function faultOfFfmpeg(stderr: string, code: number | null, signal: string | null): MediaFault {
  if (signal !== null)
    return new MediaFault(...(SIGNALS[signal] ?? ['RESOURCE_LIMIT', `ffmpeg was ended by ${signal}`]))
  const errors = errorsIn(stderr)
  const known = MESSAGES.find(([pattern]) => errors.some(line => pattern.test(line)))
  if (known) return new MediaFault(known[1], known[2])
  const last = errors.at(-1)?.replace(OWN_PATH, '').slice(0, 160) ?? `exit code ${code}`
  return new MediaFault('CORRUPT_FILE', 'The file cannot be decoded', { cause: last })
}

/** Some demuxers go on without the tracks that are too many. */
export const hasTooManyStreams = (stderr: string): boolean =>
  errorsIn(stderr).some(line => /number of streams exceeds/i.test(line))

const OWN_PATH = /file:\/\S+: /
/** At the beginning of a line, after the name of the part that speaks. */
const LEVEL = /^(?:\[[^\]]* @ 0x[0-9a-f]+\] )*\[(?:error|fatal|panic)\] /

/** Whatever is in the file's tags is printed too, but never as an error: nobody gets to choose their own code. */
const errorsIn = (stderr: string): string[] =>
  stderr
    .split('\n')
    .filter(line => LEVEL.test(line))
    .map(line => line.replace(LEVEL, '').trimEnd())
