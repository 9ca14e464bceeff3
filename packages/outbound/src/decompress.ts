import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

const DECOMPRESSORS: Record<string, () => NodeJS.ReadWriteStream & Readable> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** Decompresses a body. We ask for nothing packed; who sends it all the same may mean to fill our memory, so it is measured as it comes out. */
export function decompress(body: Readable, encoding: string | string[] | undefined): Readable {
  const decompressor = DECOMPRESSORS[String(encoding).toLowerCase()]?.()
  // What goes wrong in it is thrown to who reads it.
  return decompressor ? pipeline(body, decompressor, () => undefined) : body
}
