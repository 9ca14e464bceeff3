import { type FrameHeader, readFrameHeader } from './frame-header.ts'
import { ModeReader } from './modes.ts'
import { TokenReader } from './tokens.ts'

/**
 * Returns whether a key frame of VP8, as in a WebP, can be read to the end of its bytes, without making a pixel. Damaged data put a decoder off its
 * way: it comes out before or behind the end. libwebp minds only what is far behind.
 */
export function isCompleteFrame(data: Buffer): boolean {
  try {
    return isWhole(readFrameHeader(data))
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function isWhole(header: FrameHeader): boolean {
  const { columns, rows, modes, tokens } = header
  const modeReader = new ModeReader(modes, columns)
  const tokenReader = new TokenReader(header.tokenProbabilities, columns)
  for (let row = 0; row < rows; row++) {
    const decoder = tokens[row % tokens.length]
    if (!decoder || decoder.isPastEnd || modes.isPastEnd) return false
    modeReader.startRow()
    tokenReader.startRow()
    for (let column = 0; column < columns; column++) {
      if (header.segments) skipSegment(header)
      const isEmpty = header.skip !== null && modes.bit(header.skip) === 1
      const isSmall = modeReader.read(column)
      if (isEmpty) tokenReader.skip(column, isSmall)
      else tokenReader.read(decoder, column, isSmall)
    }
  }
  return modes.isAtEnd && tokens.every(part => part.isAtEnd)
}

function skipSegment({ modes, segments }: FrameHeader): void {
  const [root = 0, low = 0, high = 0] = segments ?? []
  modes.bit(modes.bit(root) === 0 ? low : high)
}
