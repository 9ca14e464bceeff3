import { existsSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { findFiles } from '../photos/find-files.ts'
import { say } from '../progress.ts'
import { ffmpeg } from './bare/run-ffmpeg.ts'

const CORPUS = join(import.meta.dirname, '../../../../shared/corpus/dev')
const VIDEO = join(CORPUS, 'mp4-h264-aac-1080p.mp4')
const DOCUMENTS = ['pdf-3-pages.pdf', 'pdf-cmyk-jpeg.pdf', 'pdf-page-rotate.pdf'].map(name => join(CORPUS, name))

export interface InputFile {
  file: string
  contentType: string
}

/** Finds or makes what a kind is measured with, below `folder`, where Darkroom's processes can see it. */
export type FindInputs = (folder: string, isQuick: boolean) => Promise<InputFile[]>

export const photos: FindInputs = async (folder, isQuick) => {
  const found = (await findFiles(null, folder)).slice(0, isQuick ? 2 : 8)
  return Promise.all(found.map(({ file, contentType }) => staged(file, contentType, folder)))
}

/** Repeats the video of the corpus in one file, so that the start of processes does not dominate the measurement. */
export const videos: FindInputs = async (folder, isQuick) => {
  const file = join(folder, 'video.mp4')
  if (existsSync(VIDEO)) await ffmpeg('-stream_loop', isQuick ? '0' : '3', '-i', VIDEO, '-c', 'copy', file)
  else await generateVideo(file, isQuick ? 5 : 20)
  return [{ file, contentType: 'video/mp4' }]
}

async function generateVideo(file: string, seconds: number): Promise<void> {
  say('no corpus: a generated video, whose figures compare with nothing but themselves')
  const videoInput = `testsrc2=s=1920x1080:r=25:d=${seconds},noise=alls=12:allf=t`
  const encoder = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-ac', '2']
  await ffmpeg('-f', 'lavfi', '-i', videoInput, '-f', 'lavfi', '-i', `sine=d=${seconds}:r=48000`, ...encoder, file)
}

/** Makes noise of rising volume, which is as expensive to measure and encode as music. */
export const audioFiles: FindInputs = async (folder, isQuick) => {
  const file = join(folder, 'sound.wav')
  const noise = `anoisesrc=c=pink:r=48000:d=${isQuick ? 20 : 600}:a=0.5:seed=1,tremolo=f=0.3`
  await ffmpeg('-f', 'lavfi', '-i', noise, '-ac', '2', '-c:a', 'pcm_s16le', file)
  return [{ file, contentType: 'audio/wav' }]
}

/** Finds the PDFs of the corpus; none where there is no corpus. */
export const documents: FindInputs = async folder =>
  Promise.all(DOCUMENTS.filter(existsSync).map(file => staged(file, 'application/pdf', folder)))

async function staged(file: string, contentType: string, folder: string): Promise<InputFile> {
  const copy = join(folder, basename(file))
  await mkdir(folder, { recursive: true })
  if (copy !== file) await copyFile(file, copy)
  return { file: copy, contentType }
}
