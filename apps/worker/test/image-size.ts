/** Reads width and height of an encoded image from its header, as the specifications of the formats say. */
export function imageSize(bytes: Buffer): { type: string; width: number; height: number } {
  if (bytes.toString('latin1', 0, 4) === 'RIFF') return { type: 'image/webp', ...webpSize(bytes) }
  if (bytes.readUInt16BE(0) === 0xffd8) return { type: 'image/jpeg', ...jpegSize(bytes) }
  throw new Error('neither WebP nor JPEG')
}

/** Reads the size of a WebP. https://developers.google.com/speed/webp/docs/riff_container */
function webpSize(bytes: Buffer) {
  const chunk = bytes.toString('latin1', 12, 16)
  if (chunk === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
  if (chunk === 'VP8 ') return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
  throw new Error(`a WebP that begins with ${chunk}`)
}

/** Reads the size of a JPEG from the first frame header (ITU T.81, B.2.2). */
function jpegSize(bytes: Buffer) {
  for (let at = 2; at < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes.readUInt16BE(at)
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)
    if (isFrame) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) }
  }
  throw new Error('a JPEG without a frame')
}
