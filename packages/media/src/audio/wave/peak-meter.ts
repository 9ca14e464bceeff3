/** The lowest and the highest sample of one stretch after another. */
export interface Peaks {
  samplesPerPixel: number
  /** Minimum and maximum by turns, 16 bit. */
  data: readonly number[]
}

export interface PeakMeter {
  add(samples: Int16Array): void
  peaks(): Peaks
}

/** Keeps one pair for every `samplesPerPixel` samples of each channel, of all channels together, and nothing else of what passes. */
export function peakMeter(samplesPerPixel: number, channels = 1): PeakMeter {
  const most = samplesPerPixel * channels
  const data: number[] = []
  let [min, max, count] = [0, 0, 0]
  return {
    add(samples) {
      for (const sample of samples) {
        if (count === 0 || sample < min) min = sample
        if (count === 0 || sample > max) max = sample
        if (++count < most) continue
        data.push(min, max)
        count = 0
      }
    },
    peaks: () => ({ samplesPerPixel, data: count > 0 ? [...data, min, max] : data }),
  }
}
