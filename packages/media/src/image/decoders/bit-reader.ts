import { MediaFault } from '../../fault.ts'

export interface BitReader {
  /** The next bits as a number, the lowest first; 32 at most. */
  read(count: number): number
  flag(): boolean
  /** Two bits choose one of four: a number that is added to as many bits as stand beside it. */
  choose(...options: [number, number][]): number
}

/** Reads numbers that are not whole bytes. @throws MediaFault TRUNCATED_FILE at the end */
export function bitReader(bytes: Uint8Array): BitReader {
  let at = 0
  const read = (count: number): number => {
    let value = 0
    for (let n = 0; n < count; n++, at++) {
      const byte = bytes[at >> 3]
      if (byte === undefined) throw new MediaFault('TRUNCATED_FILE', 'The file is truncated')
      value += ((byte >> (at & 7)) & 1) * 2 ** n
    }
    return value
  }
  return {
    read,
    flag: () => read(1) === 1,
    choose: (...options) => {
      const [offset, count] = options[read(2)] ?? [0, 0]
      return offset + read(count)
    },
  }
}
