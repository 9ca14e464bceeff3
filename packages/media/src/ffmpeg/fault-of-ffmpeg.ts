import { type FaultCode, MediaFault, overLimit } from '../fault.ts'
import type { Limits } from '../limits.ts'

type Meaning = readonly [FaultCode, string, limit?: keyof Limits]

/** What ffmpeg says, and what it means. The first match wins. */
const MESSAGES: readonly [RegExp, ...Meaning][] = [
  [/: no space left on device$/i, 'NO_SPACE', 'The disk is full'],
  [/: file too large$/i, 'OUTPUT_TOO_LARGE', 'The result is larger than allowed', 'maxOutputBytes'],
  [/number of streams exceeds/i, 'TOO_MANY_STREAMS', 'The file has too many tracks', 'maxStreams'],
  [
    /exceeds specified max pixel count|picture size \S+ is invalid/i,
    'TOO_MANY_PIXELS',
    'The frame is larger than allowed',
    'maxPixels',
  ],
  [
    /no such filter|unknown encoder|encoder not found/i,
    'DECODER_UNAVAILABLE',
    'A component needed for this file is not installed here',
  ],
  [
    /: (cannot allocate memory|resource temporarily unavailable)$|error allocating|failed to allocate|get_buffer\(\) failed/i,
    'RESOURCE_LIMIT',
    'Decoding needs more memory than allowed',
  ],
  [/moov atom not found|end of file|ended prematurely|partial file/i, 'TRUNCATED_FILE', 'The file is truncated'],
  [/codec \(\w+\) not on whitelist/i, 'UNSUPPORTED_TYPE', 'The file has a track with an unsupported codec'],
  [/not on whitelist|protocol not found/i, 'UNSUPPORTED_TYPE', 'The format of the file is not supported'],
]

/**
 * By the signal that ended it; every other one is a limit that the sandbox has set. SIGKILL is none of those: a process that
 * needs too much memory is killed as a whole, so ffmpeg alone is killed by a system that is short of it, or by a person.
 */
const SIGNALS: Record<string, Meaning> = {
  SIGXFSZ: ['OUTPUT_TOO_LARGE', 'The result is larger than allowed', 'maxOutputBytes'],
  SIGKILL: ['WORKER_CRASHED', 'The program that processed the file was terminated'],
  SIGSEGV: ['WORKER_CRASHED', 'The program that processed the file crashed'],
  SIGABRT: ['WORKER_CRASHED', 'The program that processed the file crashed'],
  SIGBUS: ['WORKER_CRASHED', 'The program that processed the file crashed'],
  SIGFPE: ['WORKER_CRASHED', 'The program that processed the file crashed'],
  SIGILL: ['WORKER_CRASHED', 'The program that processed the file crashed'],
}

/** Turns the end of an ffmpeg that failed into a fault with a code. */
export function faultOfFfmpeg(stderr: string, code: number | null, signal: string | null): MediaFault {
  if (signal !== null)
    return faultAs(SIGNALS[signal] ?? ['RESOURCE_LIMIT', 'The file needs more resources than allowed'], signal)
  const errors = errorsIn(stderr)
  for (const [pattern, ...meaning] of MESSAGES) {
    const line = errors.find(each => pattern.test(each))
    if (line !== undefined) return faultAs(meaning, line)
  }
  return faultAs(['CORRUPT_FILE', 'The file is damaged'], errors.at(-1) ?? `exit code ${code}`)
}

const faultAs = ([code, detail, limit]: Meaning, said: string): MediaFault =>
  limit
    ? overLimit(limit, code, detail)
    : new MediaFault(code, detail, { cause: `ffmpeg: ${said.replace(OWN_PATH, '').slice(0, 160)}` })

/** Returns whether there are more tracks than are read. Some demuxers go on without the tracks that are too many. */
export const hasTooManyStreams = (stderr: string): boolean =>
  errorsIn(stderr).some(line => /number of streams exceeds/i.test(line))

const OWN_PATH = /file:\/\S+: /
/** At the beginning of a line, after the name of the part that speaks. */
const LEVEL = /^(?:\[[^\]]* @ 0x[0-9a-f]+\] )*\[(?:error|fatal|panic)\] /

/** Extracts the errors. Tags of the file are printed too, but never as errors: nobody can choose their own code. */
const errorsIn = (stderr: string): string[] =>
  stderr
    .split('\n')
    .filter(line => LEVEL.test(line))
    .map(line => line.replace(LEVEL, '').trimEnd())
