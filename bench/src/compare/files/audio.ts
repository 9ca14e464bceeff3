import { join } from 'node:path'
import { ffmpeg } from '../../kinds/bare/run-ffmpeg.ts'
import type { MadeFile } from './made-file.ts'

const SEC = 3

interface AudioOptions {
  rate?: number
  channels?: number
  codec?: string[]
  isInTests?: boolean
}

/**
 * Makes noise of rising volume without a period, so that a shift is measured to the sample. All of it is in the range
 * that every codec keeps.
 */
function audio(title: string, type: string, name: string, options: AudioOptions = {}): MadeFile {
  const { rate = 48_000, channels = 2, codec = [], isInTests = false } = options
  const make = async (folder: string) => {
    const file = join(folder, name)
    const noise = `anoisesrc=d=${SEC}:r=48000:c=pink:a=0.3:seed=5,lowpass=1000,tremolo=f=1.5`
    await ffmpeg('-f', 'lavfi', '-i', noise, '-ar', String(rate), '-ac', String(channels), ...codec, file)
    return file
  }
  return { title, declaredType: type, isInTests, make }
}

export const AUDIO_FILES: MadeFile[] = [
  ...[8000, 16_000, 22_050, 44_100, 48_000, 96_000].map(rate =>
    audio(`WAV, ${rate} Hz`, 'audio/wav', 'a.wav', { rate, isInTests: rate === 44_100 }),
  ),
  audio('WAV, one channel', 'audio/wav', 'a.wav', { channels: 1 }),
  audio('FLAC, 5.1', 'audio/flac', 'a.flac', { channels: 6 }),
  audio('MP3', 'audio/mpeg', 'a.mp3', { codec: ['-b:a', '192k'], isInTests: true }),
  audio('AAC in MP4', 'audio/mp4', 'a.m4a', { codec: ['-c:a', 'aac', '-b:a', '192k'] }),
  audio('AAC alone', 'audio/aac', 'a.aac', { codec: ['-c:a', 'aac', '-b:a', '192k'] }),
  audio('Vorbis in Ogg', 'audio/ogg', 'a.ogg', { codec: ['-c:a', 'libvorbis', '-q:a', '7'] }),
  audio('Opus in Ogg', 'audio/ogg', 'a.ogg', { codec: ['-c:a', 'libopus', '-b:a', '192k'] }),
  audio('AIFF', 'audio/aiff', 'a.aiff'),
]
