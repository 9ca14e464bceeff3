declare module 'libheif-js/wasm-bundle.js' {
  /** Pointers into the memory of the module, which JavaScript frees by name. */
  export type Context = object
  export type Handle = object
  export type Image = object

  export interface Channel {
    id: unknown
    width: number
    height: number
    /** Bytes of one line. */
    stride: number
    /** In the memory of the module, until the image is released. */
    data: Uint8Array
  }
  export interface Failure {
    /** Of an object of its own where all is well. */
    code: unknown
    message: string
  }
  export interface Decoded {
    image: Image
    channels: Channel[]
  }

  const libheif: {
    ready?: Promise<unknown>
    heif_context_alloc(): Context
    heif_context_free(context: Context): void
    heif_context_read_from_memory(context: Context, bytes: Uint8Array): Failure
    heif_js_context_get_list_of_top_level_image_IDs(context: Context): number[] | Failure
    heif_js_context_get_image_handle(context: Context, id: number): Handle | Failure
    heif_image_handle_get_width(handle: Handle): number
    heif_image_handle_get_height(handle: Handle): number
    heif_image_handle_release(handle: Handle): void
    heif_js_decode_image2(
      handle: Handle,
      colorspace: unknown,
      chroma: unknown,
    ): Decoded | Failure | Promise<Decoded | Failure>
    heif_image_release(image: Image): void
    heif_error_code: { heif_error_Ok: unknown }
    heif_colorspace: { heif_colorspace_RGB: unknown; heif_colorspace_YCbCr: unknown }
    heif_chroma: Record<
      `heif_chroma_interleaved_${'RGB' | 'RGBA' | 'RRGGBB_LE' | 'RRGGBBAA_LE'}` | 'heif_chroma_420',
      unknown
    >
    heif_channel: {
      heif_channel_interleaved: unknown
      heif_channel_Y: unknown
      heif_channel_Cb: unknown
      heif_channel_Cr: unknown
    }
  }
  export default libheif
}
