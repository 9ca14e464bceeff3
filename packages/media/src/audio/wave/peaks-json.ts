import type { Peaks } from './peak-meter.ts'

/** From 16 bit to 8. */
const SHIFT = 8

/** Returns the JSON of BBC's audiowaveform: https://github.com/bbc/audiowaveform/blob/master/doc/DataFormat.md */
export function peaksJson({ samplesPerPixel, data }: Peaks, sampleRate: number): string {
  return JSON.stringify({
    version: 2,
    channels: 1,
    sample_rate: sampleRate,
    samples_per_pixel: samplesPerPixel,
    bits: 8,
    length: data.length / 2,
    data: data.map(value => value >> SHIFT),
  })
}
