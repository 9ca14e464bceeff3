import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { timestamp } from '../src/webvtt/timestamp.ts'
import { tempDir } from './pool.ts'
import { tools } from './video-bed.ts'

const run = promisify(execFile)

/** A chapter as a person would write it; ends are made up where none is given, and there is no title where none is. */
export interface Written {
  at: number
  end?: number
  title?: string
}

/** Writes a file of ffmpeg's metadata with these chapters, in ticks of this time base. */
export async function metadataFile(chapters: readonly Written[], timeBase = '1/1000'): Promise<string> {
  const file = path.join(await tempDir(), 'chapters.txt')
  const sections = chapters.map(({ at, end = at + 1, title }) => {
    const lines = ['[CHAPTER]', `TIMEBASE=${timeBase}`, `START=${at}`, `END=${end}`]
    return [...lines, ...(title === undefined ? [] : [`title=${title.replace(/[=;#\\\n]/g, '\\$&')}`])].join('\n')
  })
  await writeFile(file, [';FFMETADATA1', ...sections, ''].join('\n'))
  return file
}

/** Returns ffmpeg's arguments that write chapters, in ms, into the comments of an Ogg or a FLAC. */
export const asComments = (chapters: readonly Written[]): string[] =>
  chapters.flatMap(({ at, title }, n) => {
    const key = `CHAPTER${String(n).padStart(3, '0')}`
    const time = ['-metadata', `${key}=${timestamp(at)}`]
    return title === undefined ? time : [...time, '-metadata', `${key}NAME=${title}`]
  })

/** Finds when a video turns from black to white, in seconds on the clock of the file. */
export async function turnsWhiteAt(file: string): Promise<number> {
  const { stdout } = await run(tools?.ffmpeg ?? '', [
    ...['-v', 'error', '-copyts', '-i', file, '-vf', "select='gt(scene,0.3)',metadata=print:file=-"],
    ...['-f', 'null', '-'],
  ])
  return Number(/pts_time:([\d.]+)/.exec(stdout)?.[1] ?? Number.NaN)
}

/** Reads the start, in seconds, and the title of each cue. */
export const cuesOf = (vtt: string): [startSec: number, title: string][] =>
  [...vtt.matchAll(/^(\d+):(\d+):([\d.]+) --> .*\n(.*)$/gm)].map(([, hours, minutes, seconds, title = '']) => [
    Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
    title,
  ])
