import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'

/** Windows charsets by which the renderer asks for what a PDF does not embed (fpdf_sysfontinfo.h). */
const CHARSETS = { japanese: 128, korean: 129, simplifiedChinese: 134, traditionalChinese: 136 } as const

/** Free fonts of Debian (fonts-noto-cjk, fonts-droid-fallback, fonts-wqy-microhei) with all that China, Japan and Korea write. */
const EAST_ASIAN = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf',
  '/usr/share/fonts/truetype/wqy/wqy-microhei.ttc',
]

/** Which files have the letters of a charset, best first: of an npm package, or where Debian puts them. */
const FILES: ReadonlyMap<number, readonly string[]> = new Map([
  [CHARSETS.japanese, ['@embedpdf/fonts-jp/fonts/NotoSansJP-Regular.otf', ...EAST_ASIAN]],
  [CHARSETS.korean, ['@embedpdf/fonts-kr/fonts/NotoSansKR-Regular.otf', ...EAST_ASIAN]],
  [CHARSETS.simplifiedChinese, ['@embedpdf/fonts-sc/fonts/NotoSansHans-Regular.otf', ...EAST_ASIAN]],
  [CHARSETS.traditionalChinese, ['@embedpdf/fonts-tc/fonts/NotoSansHant-Regular.otf', ...EAST_ASIAN]],
])

/** For letters that a font lacks, whatever it is: one font with Latin, Greek, Cyrillic, Arabic and Hebrew. */
const FOR_THE_REST = [
  '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
  '@embedpdf/fonts-latin/fonts/NotoSans-Regular.ttf',
]

/** Returns the path of an installed font with the letters of a charset; undefined where there is none. */
export const fontOfCharset = (charset: number): string | undefined => firstInstalled(FILES.get(charset) ?? [])

/** Returns the path of an installed font with letters of many scripts; undefined where there is none. */
export const fontOfTheRest = (): string | undefined => firstInstalled(FOR_THE_REST)

const firstInstalled = (names: readonly string[]): string | undefined =>
  names.map(located).find(path => path && existsSync(path))

function located(name: string): string | undefined {
  if (name.startsWith('/')) return name
  const [scope, pack, ...rest] = name.split('/')
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? []
  return folders.map(folder => [folder, scope, pack, ...rest].join('/')).find(path => existsSync(path))
}
