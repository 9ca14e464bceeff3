import { join } from 'node:path'
import { ffmpeg } from '../../kinds/bare/run-ffmpeg.ts'
import type { MadeFile } from './made-file.ts'

const SEC = 3

interface Sound {
  rate?: number
  channels?: number
  codec?: string[]
  isInTests?: boolean
}

/** Noise that swells has no period, so that a shift is told to the sample; all of it lies where every codec keeps it. */
function sound(title: string, type: string, name: string, options: Sound = {}): MadeFile {
  const { rate = 48_000, channels = 2, codec = [], isInTests = false } = options
  const make = async (folder: string) => {
    const file = join(folder, name)
    const noise = `anoisesrc=d=${SEC}:r=48000:c=pink:a=0.3:seed=5,lowpass=1000,tremolo=f=1.5`
    await ffmpeg('-f', 'lavfi', '-i', noise, '-ar', String(rate), '-ac', String(channels), ...codec, file)
    return file
  }
  return { title, declaredType: type, isInTests, make }
}

export const SOUNDS: MadeFile[] = [
  ...[8000, 16_000, 22_050, 44_100, 48_000, 96_000].map(rate =>
    sound(`WAV, ${rate} Hz`, 'audio/wav', 'a.wav', { rate, isInTests: rate === 44_100 }),
  ),
  sound('WAV, one channel', 'audio/wav', 'a.wav', { channels: 1 }),
  sound('FLAC, 5.1', 'audio/flac', 'a.flac', { channels: 6 }),
  sound('MP3', 'audio/mpeg', 'a.mp3', { codec: ['-b:a', '192k'], isInTests: true }),
  sound('AAC in MP4', 'audio/mp4', 'a.m4a', { codec: ['-c:a', 'aac', '-b:a', '192k'] }),
  sound('AAC alone', 'audio/aac', 'a.aac', { codec: ['-c:a', 'aac', '-b:a', '192k'] }),
  sound('Vorbis in Ogg', 'audio/ogg', 'a.ogg', { codec: ['-c:a', 'libvorbis', '-q:a', '7'] }),
  sound('Opus in Ogg', 'audio/ogg', 'a.ogg', { codec: ['-c:a', 'libopus', '-b:a', '192k'] }),
  sound('AIFF', 'audio/aiff', 'a.aiff'),
]
