/** What is seen: red, green and blue of sRGB in rows, 8 bits each. */
export interface Raster {
  width: number
  height: number
  data: Uint8Array
}

/** Cuts what ffmpeg or sharp wrote frame after frame into its frames. */
export function framesIn(data: Uint8Array, { width, height }: Pick<Raster, 'width' | 'height'>): Raster[] {
  const bytes = width * height * 3
  return Array.from({ length: Math.floor(data.length / bytes) }, (_, n) => ({
    width,
    height,
    data: data.subarray(n * bytes, (n + 1) * bytes),
  }))
}

/** Averages squares of `by` × `by` pixels. An incomplete square at the right or lower edge is left out. */
export function meansOf({ width, height, data }: Raster, by: number): Raster {
  const size = { width: Math.floor(width / by), height: Math.floor(height / by) }
  const means = new Uint8Array(size.width * size.height * 3)
  for (let at = 0; at < means.length; at++) {
    const channel = at % 3
    const pixel = (at - channel) / 3
    const x = (pixel % size.width) * by
    const y = Math.floor(pixel / size.width) * by
    let sum = 0
    for (let row = y; row < y + by; row++)
      for (let column = x; column < x + by; column++) sum += data[(row * width + column) * 3 + channel] ?? 0
    means[at] = Math.round(sum / (by * by))
  }
  return { ...size, data: means }
}

/** Returns the mean difference of all samples, 0 to 255. */
export function meanDifference(one: Raster, other: Raster): number {
  let sum = 0
  for (let at = 0; at < one.data.length; at++) sum += Math.abs((one.data[at] ?? 0) - (other.data[at] ?? 0))
  return sum / one.data.length
}

/** Enlarges each pixel to a square of `by` × `by` pixels. */
export function enlarged(raster: Raster, by: number): Raster {
  if (by <= 1) return raster
  const { width, height, data } = raster
  const size = { width: width * by, height: height * by }
  const larger = Uint8Array.from({ length: size.width * size.height * 3 }, (_, at) => {
    const channel = at % 3
    const pixel = (at - channel) / 3
    const [x, y] = [Math.floor((pixel % size.width) / by), Math.floor(pixel / size.width / by)]
    return data[(y * width + x) * 3 + channel] ?? 0
  })
  return { ...size, data: larger }
}
