import type { VideoFacts } from '../../facts.ts'
import type { StreamInfo } from './streams.ts'

export interface Colors extends Pick<VideoFacts, 'colorMatrix' | 'colorPrimaries' | 'isHdr'> {
  /** What had to be assumed although it can be seen, for the owner; null when nothing had. */
  assumed: string | null
}

type Matrix = VideoFacts['colorMatrix']
type Primaries = VideoFacts['colorPrimaries']

const MATRICES: Record<string, Matrix> = {
  bt709: 'bt709',
  bt470bg: 'bt601',
  smpte170m: 'bt601',
  smpte240m: 'smpte240m',
  fcc: 'fcc',
  bt2020nc: 'bt2020',
  bt2020c: 'bt2020c',
  ycgco: 'ycgco',
  gbr: 'rgb',
}

/** Those of standard definition are as good as BT.709's: no player converts them. */
const PRIMARIES: Record<string, Primaries> = {
  bt709: 'bt709',
  bt470bg: 'bt709',
  smpte170m: 'bt709',
  smpte240m: 'bt709',
  ebu3213: 'bt709',
  bt2020: 'bt2020',
  smpte431: 'smpte431',
  smpte432: 'smpte432',
}

const HDR_TRANSFERS: Record<string, string> = { smpte2084: 'PQ', 'arib-std-b67': 'HLG' }
/** Of BT.2020 at 10 and 12 bits: the curve of BT.709 under another name. */
const WIDE_TRANSFERS: ReadonlySet<string> = new Set(['bt2020-10', 'bt2020-12'])
const WIDE_MATRICES: ReadonlySet<Matrix | undefined> = new Set<Matrix>(['bt2020', 'bt2020c'])
const UNSAID: ReadonlySet<string> = new Set(['', 'unknown', 'reserved', 'unspecified'])
const RGB = /^(gbr|rgb|bgr|argb|abgr|pal8|0rgb|0bgr)/

/** The matrix that goes with primaries where the file says no other. */
const USUAL_MATRIX: Record<Primaries, Matrix | null> = {
  bt709: null,
  bt2020: 'bt2020',
  smpte431: 'bt709',
  smpte432: 'bt709',
}

/**
 * Returns how the samples of a video are to be read. Most say nothing, and are read as every player reads them, by their size; that
 * is assumed without a word. What is said and does not tell enough is named.
 */
export function colorsOf(stream: StreamInfo): Colors {
  const { color_space = '', color_primaries = '', color_transfer = '' } = stream
  const said = MATRICES[color_space]
  const isHdr = Object.hasOwn(HDR_TRANSFERS, color_transfer)
  const seemsWide = isHdr || WIDE_TRANSFERS.has(color_transfer) || WIDE_MATRICES.has(said)
  const primaries = PRIMARIES[color_primaries] ?? (seemsWide ? 'bt2020' : 'bt709')
  const isRgb = RGB.test(stream.pix_fmt ?? '')
  const usual = isHdr ? 'bt2020' : USUAL_MATRIX[primaries]
  const matrix = isRgb ? 'rgb' : ((said === 'rgb' ? undefined : said) ?? usual ?? bySize(stream))
  const unread = [color_space, color_primaries].find(name => isUnread(name))
  const assumed = [
    ...(unread ? [`The colours are said to be of ${unread}, which is not known`] : []),
    ...(seemsWide && UNSAID.has(color_primaries) ? [`${wideBy(color_transfer, color_space)}, but no primaries`] : []),
    ...(usual && !isRgb && UNSAID.has(color_space) ? [`The primaries are ${primaries}, but no matrix is said`] : []),
  ]
  const read = `: read as ${NAMES[primaries]}${matrix === 'rgb' ? '' : ` with the matrix of ${NAMES[matrix]}`}`
  const detail = assumed.length > 0 ? `${assumed.join('; ')}${read}.` : null
  return { colorMatrix: matrix, colorPrimaries: primaries, isHdr, assumed: detail }
}

const isUnread = (name: string): boolean =>
  !UNSAID.has(name) && !Object.hasOwn(MATRICES, name) && !Object.hasOwn(PRIMARIES, name)

const wideBy = (transfer: string, matrix: string): string =>
  HDR_TRANSFERS[transfer] ? `The brightness is ${HDR_TRANSFERS[transfer]}` : `The colours say ${matrix || transfer}`

const HD_HEIGHT = 720

/** Players read small ones as BT.601 and large ones as BT.709. */
const bySize = ({ height = 0 }: StreamInfo): Matrix => (height >= HD_HEIGHT ? 'bt709' : 'bt601')

const NAMES: Record<Exclude<Matrix, 'rgb'> | Primaries, string> = {
  bt601: 'BT.601',
  bt709: 'BT.709',
  bt2020: 'BT.2020',
  bt2020c: 'BT.2020 (constant luminance)',
  smpte240m: 'SMPTE 240M',
  fcc: 'FCC',
  ycgco: 'YCgCo',
  smpte431: 'DCI-P3',
  smpte432: 'Display P3',
}
