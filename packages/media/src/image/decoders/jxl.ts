import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { MediaFault } from '../../fault.ts'
import { fromRaster } from '../raster.ts'
import type { Decoder } from './decoder.ts'
import { readJxlHeader } from './jxl-header.ts'
import { readLimitedFile } from './read-limited-file.ts'

/** libjxl as WebAssembly: gives the first frame upright, as sRGB with 8 bits. */
export const jxl: Decoder = {
  readHeader: async ({ file }) => readJxlHeader(await readLimitedFile(file)),

  async open({ file, facts, limits }) {
    const decode = await loadDecoder()
    const { data, width, height } = await decode(toArrayBuffer(await readLimitedFile(file)))
    if (width !== facts.width || height !== facts.height || width * height > limits.maxPixels) {
      throw new MediaFault('CORRUPT_FILE', 'The file has contradictory sizes')
    }
    const rgba = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    const image = () => {
      const pipeline = fromRaster({ data: rgba, width, height, channels: 4 })
      return facts.hasAlpha ? pipeline : pipeline.removeAlpha()
    }
    return { icc: undefined, exif: undefined, image }
  },
}

const WASM = import.meta.resolve('@jsquash/jxl/codec/dec/jxl_dec.wasm')

/** Loads the decoder. The package fetches its code over HTTP unless it is passed in. */
async function loadDecoder() {
  const { default: decode, init } = await import('@jsquash/jxl/decode.js')
  await init(await WebAssembly.compile(await readFile(fileURLToPath(WASM))))
  return decode
}

const toArrayBuffer = (bytes: Buffer): ArrayBuffer => Uint8Array.from(bytes).buffer
