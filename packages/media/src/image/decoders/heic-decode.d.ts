declare module 'heic-decode' {
  interface Decoded {
    width: number
    height: number
    /** RGBA. */
    data: Uint8ClampedArray
  }
  interface HeicImage {
    width: number
    height: number
    decode(): Promise<Decoded>
  }
  interface Decode {
    (input: { buffer: Uint8Array }): Promise<Decoded>
    /** Reads sizes, no pixels; `dispose` frees the decoder's memory. */
    all(input: { buffer: Uint8Array }): Promise<HeicImage[] & { dispose(): void }>
  }
  const decode: Decode
  export default decode
}
