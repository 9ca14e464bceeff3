import { type Cicp, GAMMAS } from './cicp.ts'
import { toD50Matrix } from './primaries.ts'

// ICC.1:2022, 7.2 (header), 7.3 (tag table), 10.18 (parametricCurveType), 10.31 (XYZType), 10.24 (textType).
const HEADER_BYTES = 128
const WHITE = [0.9642, 1, 0.8249] as const
/** g, a, b, c, d of the curve of sRGB (IEC 61966-2-1). */
const SRGB_CURVE = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045] as const

/** Returns for colours of standard range the profile that says the same, for engines that read profiles only. */
export function iccOf({ primaries, transfer }: Cicp): Buffer {
  const gamma = GAMMAS[transfer]
  const curve = gamma === undefined ? parametric(3, SRGB_CURVE) : parametric(0, [gamma])
  const [x, y, z] = toD50Matrix(primaries)
  const tags: [string, Buffer][] = [
    ['desc', text('Colours by number')],
    ['cprt', text('None')],
    ['wtpt', xyz(WHITE)],
    ...(['r', 'g', 'b'] as const).flatMap((name, n): [string, Buffer][] => [
      [`${name}XYZ`, xyz([x[n] ?? 0, y[n] ?? 0, z[n] ?? 0])],
      [`${name}TRC`, curve],
    ]),
  ]
  let at = HEADER_BYTES + 4 + tags.length * 12
  const table = tags.map(([name, data]) => {
    const entry = Buffer.concat([Buffer.from(name, 'latin1'), u32(at), u32(data.length)])
    at += data.length
    return entry
  })
  return Buffer.concat([header(at), u32(tags.length), ...table, ...tags.map(([, data]) => data)])
}

function header(size: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES)
  bytes.writeUInt32BE(size, 0)
  bytes.writeUInt32BE(0x04400000, 8)
  bytes.write('mntrRGB XYZ ', 12, 'latin1')
  bytes.write('acsp', 36, 'latin1')
  for (const [n, value] of WHITE.entries()) fixed(value).copy(bytes, 68 + n * 4)
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function fixed(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(Math.round(value * 65_536))
  return bytes
}

const element = (type: string, ...parts: Buffer[]): Buffer => {
  const bytes = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.alloc(4), ...parts])
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
}
const xyz = (values: readonly number[]): Buffer => element('XYZ ', ...values.map(fixed))
const parametric = (kind: number, values: readonly number[]): Buffer =>
  element('para', Buffer.from([0, kind, 0, 0]), ...values.map(fixed))

/** Writes a text as one record of English (10.15). */
function text(words: string): Buffer {
  const utf16 = Buffer.from(words, 'utf16le').swap16()
  return element('mluc', u32(1), u32(12), Buffer.from('enUS', 'latin1'), u32(utf16.length), u32(28), utf16)
}
