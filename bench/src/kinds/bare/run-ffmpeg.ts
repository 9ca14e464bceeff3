import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'

/** What a PCM stream of half an hour comes to. */
const MAX_BUFFER_BYTES = 400_000_000

const QUIET = ['-nostdin', '-hide_banner', '-nostats', '-y']

/** Runs ffmpeg as one would by hand. @returns what it said */
export async function ffmpeg(...args: string[]): Promise<string> {
  const { stderr } = await promisify(execFile)('ffmpeg', [...QUIET, ...args], { maxBuffer: MAX_BUFFER_BYTES })
  return stderr
}

/** Runs ffmpeg in the same way, and reads its stdout as well. */
export async function ffmpegToPipe(args: string[], onData: (chunk: Buffer) => void): Promise<void> {
  const child = spawn('ffmpeg', [...QUIET, '-loglevel', 'error', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.on('data', onData)
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`)
}

/** Returns the filter that brings an audio file to a loudness: measured first, then one gain for the whole file. */
export async function gainFilter(file: string, loudness: number): Promise<string> {
  const report = await ffmpeg('-i', file, '-vn', '-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null', '-')
  const measured = Number(/\bI:\s+(\S+) LUFS/.exec(report.slice(report.lastIndexOf('Summary:')))?.[1])
  return `volume=${(loudness - measured).toFixed(2)}dB`
}
