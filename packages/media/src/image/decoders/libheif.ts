import type { Channel, Decoded, Failure, Handle } from 'libheif-js/wasm-bundle.js'

/** One image of a HEIF file. */
export interface HeifImage {
  /** In pixels, upright. */
  width: number
  height: number
  /** RGB or RGBA in lines without gaps: 8 bits, or as many as it has, in 16, the low ones first. */
  decode(bits: 8 | 16, channels: 3 | 4): Promise<Buffer>
}

export interface HeifFile {
  /** Those that can be read at all, in the order of the file. */
  images: readonly HeifImage[]
  /** Frees the memory of the module. */
  close(): void
}

const LAYOUTS = {
  8: { 3: 'RGB', 4: 'RGBA' },
  16: { 3: 'RRGGBB_LE', 4: 'RRGGBBAA_LE' },
} as const

/** Opens a file by libheif with HEVC, as WebAssembly. What it cannot read it leaves out. */
export async function openHeif(bytes: Buffer): Promise<HeifFile> {
  const { default: heif } = await import('libheif-js/wasm-bundle.js')
  await heif.ready
  const context = heif.heif_context_alloc()
  const read = heif.heif_context_read_from_memory(context, bytes)
  const ids =
    read.code === heif.heif_error_code.heif_error_Ok
      ? heif.heif_js_context_get_list_of_top_level_image_IDs(context)
      : []
  const handles: Handle[] = []
  for (const id of Array.isArray(ids) ? ids : []) {
    const handle = heif.heif_js_context_get_image_handle(context, id)
    if (handle && !isFailure(handle)) handles.push(handle)
  }
  return {
    images: handles.map(handle => ({
      width: heif.heif_image_handle_get_width(handle),
      height: heif.heif_image_handle_get_height(handle),
      async decode(bits, channels) {
        const chroma = heif.heif_chroma[`heif_chroma_interleaved_${LAYOUTS[bits][channels]}`]
        const decoded = await heif.heif_js_decode_image2(handle, heif.heif_colorspace.heif_colorspace_RGB, chroma)
        if (!decoded || isFailure(decoded)) throw new Error('libheif gives no picture', { cause: decoded })
        try {
          return withoutGaps(decoded, (channels * bits) / 8)
        } finally {
          heif.heif_image_release(decoded.image)
        }
      },
    })),
    close() {
      for (const handle of handles) heif.heif_image_handle_release(handle)
      heif.heif_context_free(context)
    },
  }
}

const isFailure = (value: object): value is Failure => 'code' in value && value.code !== undefined

/** Its lines are padded; its memory is not ours. */
function withoutGaps({ channels }: Decoded, pixelBytes: number): Buffer {
  const [channel] = channels as [Channel?]
  if (!channel) throw new Error('libheif: no channel')
  const { width, height, stride, data } = channel
  const lineBytes = width * pixelBytes
  const out = Buffer.allocUnsafe(lineBytes * height)
  for (let y = 0; y < height; y++) out.set(data.subarray(y * stride, y * stride + lineBytes), y * lineBytes)
  return out
}
