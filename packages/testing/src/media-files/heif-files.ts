// HEIF containers around images that an encoder made (ISO/IEC 23008-12), with the properties that no tool of ours writes.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import sharp from 'sharp'

export interface Coded {
  type: 'hvc1' | 'av01'
  /** `hvcC` or `av1C`, without its header. */
  config: Buffer
  data: Buffer
  /** In pixels, of one tile. */
  width: number
  height: number
}

export interface HeifOptions extends Coded {
  /** Boxes that belong to the image that is shown, after its size. */
  properties?: readonly Buffer[]
  /** So many times the coded picture, side by side. */
  grid?: { rows: number; columns: number; width: number; height: number; tiles?: readonly Buffer[] }
  /** Its opacity: an image of its own. */
  alpha?: Coded & { properties?: readonly Buffer[] }
}

const u16 = (value: number): Buffer => Buffer.from([(value >> 8) & 255, value & 255])
const u32 = (value: number): Buffer => Buffer.concat([u16(value >>> 16), u16(value & 0xffff)])

export const box = (type: string, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body])
}
const fullBox = (type: string, version: number, flags: number, ...parts: Buffer[]): Buffer =>
  box(type, u32((version << 24) | flags), ...parts)

/** Colours as ITU-T H.273 numbers them. */
export const nclx = (primaries: number, transfer: number, matrix: number, isFull = true): Buffer =>
  box('colr', Buffer.from('nclx'), u16(primaries), u16(transfer), u16(matrix), Buffer.from([isFull ? 0x80 : 0]))

/** Writes the property for quarter turns, counter-clockwise. */
export const irot = (angle: number): Buffer => box('irot', Buffer.from([angle]))
export const imir = (axis: 0 | 1): Buffer => box('imir', Buffer.from([axis]))

/**
 * Writes the property for the visible part of the image: its size, and the distance of its centre from that of the
 * whole.
 */
export const clap = (width: number, height: number, offX: number, offY: number): Buffer =>
  box('clap', ...[width, 1, height, 1, Math.round(offX * 2), 2, Math.round(offY * 2), 2].map(value => u32(value >>> 0)))

const ispe = (width: number, height: number): Buffer => fullBox('ispe', 0, 0, u32(width), u32(height))
const ALPHA = Buffer.from('urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0')

interface Item {
  type: string
  data: Buffer
  properties: readonly Buffer[]
  isHidden?: boolean
}

/** Writes a HEIC or AVIF of the coded image, or of a grid of it. */
export function heifOf(options: HeifOptions): Buffer {
  const { grid, alpha, properties = [] } = options
  const coded = (one: Coded, data: Buffer, more: readonly Buffer[] = []): Item => ({
    type: one.type,
    data,
    properties: [ispe(one.width, one.height), box(one.type === 'hvc1' ? 'hvcC' : 'av1C', one.config), ...more],
  })
  const tiles = grid ? Array.from({ length: grid.rows * grid.columns }, (_, n) => grid.tiles?.[n] ?? options.data) : []
  const shown: Item = grid
    ? {
        type: 'grid',
        data: Buffer.concat([Buffer.from([0, 1, grid.rows - 1, grid.columns - 1]), u32(grid.width), u32(grid.height)]),
        properties: [ispe(grid.width, grid.height), ...properties],
      }
    : coded(options, options.data, properties)
  const items = [shown, ...tiles.map(data => ({ ...coded(options, data), isHidden: true }))]
  const references = grid ? [box('dimg', u16(1), u16(tiles.length), ...tiles.map((_, n) => u16(n + 2)))] : []
  if (alpha) {
    items.push(coded(alpha, alpha.data, [fullBox('auxC', 0, 0, ALPHA), ...(alpha.properties ?? [])]))
    references.push(box('auxl', u16(items.length), u16(1), u16(1)))
  }
  return container(items, references, options.type === 'hvc1' ? 'heic' : 'avif')
}

function container(items: readonly Item[], references: readonly Buffer[], brand: string): Buffer {
  const ftyp = box('ftyp', Buffer.from(brand), u32(0), Buffer.from(`mif1${brand}`))
  const unique: Buffer[] = []
  const indexOf = (property: Buffer) => {
    const known = unique.findIndex(one => one.equals(property))
    return known === -1 ? unique.push(property) : known + 1
  }
  const associations = items.map((item, n) =>
    Buffer.concat([u16(n + 1), Buffer.from([item.properties.length, ...item.properties.map(indexOf)])]),
  )
  // Equal bytes are stored once: a grid of 768 tiles is as small as one of them.
  const datas = [...new Set(items.map(({ data }) => data))]
  const meta = (dataAt: number) => {
    const placeOf = (data: Buffer) =>
      datas.slice(0, datas.indexOf(data)).reduce((at, { length }) => at + length, dataAt)
    return fullBox(
      ...(['meta', 0, 0] as const),
      fullBox('hdlr', 0, 0, u32(0), Buffer.from('pict'), Buffer.alloc(13)),
      fullBox('pitm', 0, 0, u16(1)),
      fullBox(
        ...(['iloc', 0, 0] as const),
        ...[Buffer.from([0x44, 0]), u16(items.length)],
        ...items.map(({ data }, n) =>
          Buffer.concat([u16(n + 1), u16(0), u16(1), u32(placeOf(data)), u32(data.length)]),
        ),
      ),
      fullBox(
        ...(['iinf', 0, 0] as const),
        u16(items.length),
        ...items.map(({ type, isHidden }, n) =>
          fullBox('infe', 2, isHidden ? 1 : 0, u16(n + 1), u16(0), Buffer.from(`${type}\0`)),
        ),
      ),
      ...(references.length > 0 ? [fullBox('iref', 0, 0, ...references)] : []),
      box('iprp', box('ipco', ...unique), fullBox('ipma', 0, 0, u32(items.length), ...associations)),
    )
  }
  const dataAt = ftyp.length + meta(0).length + 8
  return Buffer.concat([ftyp, meta(dataAt), box('mdat', ...datas)])
}

interface HevcOptions {
  width: number
  height: number
  /** RGB, 8 bits; grey noise when left out. Or samples as ffmpeg names them in `format`. */
  pixels?: Buffer
  format?: string
  /** What is coded. */
  as?: string
  filter?: string
  /** How, in the words of x265. */
  params?: string
  preset?: string
}

/** Encodes an image in HEVC with x265. */
export async function hevcPicture({
  width,
  height,
  pixels,
  format = 'rgb24',
  as = 'yuv420p',
  filter,
  params = 'crf=4',
  preset = 'ultrafast',
}: HevcOptions): Promise<Coded> {
  const input = pixels
    ? ['-f', 'rawvideo', '-pixel_format', format, '-video_size', `${width}x${height}`, '-i', 'pipe:0']
    : ['-f', 'lavfi', '-i', `color=c=0x708090:s=${width}x${height},noise=alls=60:all_seed=7`]
  const args = [
    ...['-v', 'error', ...input, '-frames:v', '1'],
    ...(filter ? ['-vf', filter] : []),
    ...['-pix_fmt', as, '-c:v', 'libx265', '-preset', preset],
    ...['-x265-params', `log-level=none:info=0:keyint=1:${params}`, '-f', 'hevc', 'pipe:1'],
  ]
  const running = promisify(execFile)('ffmpeg', args, { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 })
  running.child.stdin?.end(pixels)
  const { stdout } = await running
  return {
    type: 'hvc1',
    ...fromAnnexB(stdout, as.includes('10') ? 10 : 8, as.includes('444') ? 3 : as.includes('422') ? 2 : 1),
    width,
    height,
  }
}

const PARAMETER_SETS: ReadonlySet<number> = new Set([32, 33, 34])
const nalType = (nal: Buffer): number => ((nal[0] ?? 0) >> 1) & 63

/** Converts start codes to lengths, and moves the parameter sets to the configuration (ISO/IEC 14496-15, 8.3.3). */
function fromAnnexB(stream: Buffer, bits: number, chroma: number): { config: Buffer; data: Buffer } {
  const nals = splitNals(stream)
  const sets = nals.filter(nal => PARAMETER_SETS.has(nalType(nal)))
  const sps = sets.find(nal => nalType(nal) === 33) ?? Buffer.alloc(16)
  const config = Buffer.concat([
    Buffer.from([1]),
    // Profile, tier and level as the sequence says, after its id.
    unescaped(sps).subarray(3, 15),
    Buffer.from([0xf0, 0, 0xfc, 0xfc | chroma, 0xf8 | (bits - 8), 0xf8 | (bits - 8), 0, 0, 0x0f, sets.length]),
    ...sets.map(nal => Buffer.concat([Buffer.from([0x80 | nalType(nal)]), u16(1), u16(nal.length), nal])),
  ])
  const slices = nals.filter(nal => nalType(nal) < 32)
  return { config, data: Buffer.concat(slices.map(nal => Buffer.concat([u32(nal.length), nal]))) }
}

const unescaped = (nal: Buffer): Buffer => Buffer.from(nal.toString('hex').replace(/(?<=^(?:..)*?0000)03/g, ''), 'hex')

function splitNals(stream: Buffer): Buffer[] {
  const starts: number[] = []
  const code = Buffer.from([0, 0, 1])
  for (let at = stream.indexOf(code); at !== -1; at = stream.indexOf(code, at + 3)) starts.push(at + 3)
  return starts.map((start, n) => {
    let end = (starts[n + 1] ?? stream.length + 3) - 3
    while (end > start && stream[end - 1] === 0) end--
    return stream.subarray(start, end)
  })
}

/** Extracts an image in AV1 from an AVIF that sharp wrote. */
export function av1Frame(avif: Buffer, width: number, height: number): Coded {
  const part = (type: string, header: number) => {
    const at = avif.indexOf(type, 0, 'latin1')
    return avif.subarray(at + header, at - 4 + avif.readUInt32BE(at - 4))
  }
  return { type: 'av01', config: Buffer.from(part('av1C', 4)), data: Buffer.from(part('mdat', 4)), width, height }
}

interface DeepAvif {
  width: number
  height: number
  /** RGB, 16 bits a sample, in the order of this machine. */
  pixels: Buffer
  bits: 8 | 10
  properties: readonly Buffer[]
}

/** Makes an AVIF of these samples, with these properties instead of those that its encoder knows. */
export async function deepAvif({ width, height, pixels, bits, properties }: DeepAvif): Promise<Buffer> {
  const samples = new Uint16Array(pixels.buffer, pixels.byteOffset, pixels.length / 2)
  const encoded = await sharp(samples, { raw: { width, height, channels: 3 } })
    .toColourspace(bits === 8 ? 'srgb' : 'rgb16')
    .avif({ quality: 100, chromaSubsampling: '4:4:4', effort: 0, bitdepth: bits })
    .toBuffer()
  return heifOf({ ...av1Frame(encoded, width, height), properties })
}
