import { ROW_IDS } from '../contenders/row-ids.ts'
import type { ContenderResult, Results } from '../results.ts'

const WIDTH = 860
const LABEL_WIDTH = 330
const BAR_WIDTH = 400
const ROW = 44
const TOP = 64
const COLORS: Record<string, string> = {
  [ROW_IDS.darkroom]: '#0f766e',
  [ROW_IDS.darkroomOverS3]: '#0f766e',
  limit: '#475569',
  other: '#94a3b8',
}

const escapeXml = (text: string): string => text.replace(/[<>&"]/g, character => `&#${character.charCodeAt(0)};`)

/** Draws a bar chart of images per second: bars are medians, whiskers reach from the slowest round to the fastest. */
export function chartSvg({ contenders, photos, rounds, machine, limit }: Results): string {
  const most = Math.max(...contenders.map(({ imagesPerSec }) => imagesPerSec.max))
  const height = TOP + contenders.length * ROW + 40
  const subtitle = `${photos.count} photos, ${photos.variantsEach} variants each; median of ${rounds} rounds, whiskers slowest to fastest; ${machine.cores} cores`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" role="img" aria-label="Images per second">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="16" y="28" font-size="18" font-weight="600" fill="#0f172a">Images per second, all variants made</text>
<text x="16" y="48" font-size="12" fill="#475569">${escapeXml(subtitle)}</text>
${contenders.map((one, index) => bar(one, index, most, limit)).join('\n')}
<text x="16" y="${height - 14}" font-size="11" fill="#64748b">the limit is sharp decoding once, without upload, queue, database or store</text>
</svg>
`
}

function bar(
  { id, label, imagesPerSec, timesLimit }: ContenderResult,
  index: number,
  most: number,
  limit: string,
): string {
  const at = (value: number) => Math.round(LABEL_WIDTH + (value / most) * BAR_WIDTH)
  const y = TOP + index * ROW
  const middle = y + ROW / 2
  const { min, median, max } = imagesPerSec
  const color = COLORS[id === limit ? 'limit' : id] ?? COLORS.other
  return [
    `<text x="${LABEL_WIDTH - 10}" y="${middle + 4}" font-size="12" text-anchor="end" fill="#0f172a">${escapeXml(label)}</text>`,
    `<rect x="${LABEL_WIDTH}" y="${y + 9}" width="${at(median) - LABEL_WIDTH}" height="${ROW - 18}" fill="${color}"/>`,
    `<path d="M${at(min)} ${middle}H${at(max)}M${at(min)} ${middle - 5}v10M${at(max)} ${middle - 5}v10" stroke="#0f172a" fill="none"/>`,
    `<text x="${at(max) + 8}" y="${middle + 4}" font-size="12" fill="#0f172a">${median.toFixed(2)} · ${timesLimit.toFixed(2)} × limit</text>`,
  ].join('\n')
}
