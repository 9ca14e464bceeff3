// TIFF files out of tags: what libvips does not write.

type Tag = readonly [tag: number, values: readonly number[]]

export interface TiffPage {
  width: number
  height: number
  /** Uncompressed. */
  data: Buffer
  bits?: number
  channels?: number
  /** Instead of the usual ones, or beside them. */
  tags?: readonly Tag[]
}

const u16 = (value: number): Buffer => Buffer.from([value & 255, (value >> 8) & 255])
const u32 = (value: number): Buffer => Buffer.concat([u16(value & 0xffff), u16(value >>> 16)])

/**
 * Writes a TIFF. Numbers that do not fit into their tag become LONG. With `dataLast` the pixels follow all directories,
 * in order.
 */
export function tiffOf(pages: readonly TiffPage[], { dataLast }: { dataLast: boolean }): Buffer {
  const sizes = pages.map(page => directory(page, 0, 0, 0).length)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const parts: Buffer[] = [Buffer.from('II*\0', 'latin1'), u32(dataLast ? 8 : 8 + (pages[0]?.data.length ?? 0))]
  const datas: Buffer[] = []
  let at = 8
  let dataAt = 8 + total
  for (const [n, page] of pages.entries()) {
    const size = sizes[n] ?? 0
    const isLast = n === pages.length - 1
    if (dataLast) {
      parts.push(directory(page, at, dataAt, isLast ? 0 : at + size))
      datas.push(page.data)
      dataAt += page.data.length
      at += size
    } else {
      const next = at + page.data.length + size + (pages[n + 1]?.data.length ?? 0)
      parts.push(page.data, directory(page, at + page.data.length, at, isLast ? 0 : next))
      at += page.data.length + size
    }
  }
  return Buffer.concat([...parts, ...datas])
}

function directory(page: TiffPage, at: number, dataAt: number, next: number): Buffer {
  const { width, height, data, bits = 8, channels = 1, tags = [] } = page
  const own: Tag[] = [
    [256, [width]],
    [257, [height]],
    [258, Array<number>(channels).fill(bits)],
    [259, [1]],
    [262, [channels === 1 ? 1 : 2]],
    [273, [dataAt]],
    [277, [channels]],
    [278, [height]],
    [279, [data.length]],
  ]
  const all = [...new Map([...own, ...tags])].sort(([a], [b]) => a - b)
  let extraAt = at + 2 + all.length * 12 + 4
  const extra: Buffer[] = []
  const entries = all.map(([tag, values]) => {
    const head = Buffer.concat([u16(tag), u16(4), u32(values.length)])
    if (values.length === 1) return Buffer.concat([head, u32(values[0] ?? 0)])
    const place = extraAt
    extra.push(...values.map(u32))
    extraAt += values.length * 4
    return Buffer.concat([head, u32(place)])
  })
  return Buffer.concat([u16(all.length), ...entries, u32(next), ...extra])
}
