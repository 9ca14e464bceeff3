import {
  filesOf,
  type Manifest,
  type ManifestFile,
  type ManifestQuery,
  type ManifestTrack,
  type PresetDefinition,
  WRITTEN_AUDIO_TYPES,
} from '@darkroom/contracts'
import type { AssetRecord } from '@darkroom/db/assets'
import { htmlOf } from './html.ts'
import { pictureOf } from './picture.ts'
import { presentPlaceholder } from './placeholder.ts'
import type { Places } from './places.ts'

interface ReadyFile extends ManifestFile {
  /** Type of the preset's entry that it was made for, or its `-part`; `icon` was made unasked. */
  role: string
  isReached: boolean
}

const AUDIO_TYPES: readonly string[] = Object.values(WRITTEN_AUDIO_TYPES)

/** Presents how to show an asset with the variants that its preset made. */
export function presentManifest(
  places: Places,
  record: AssetRecord,
  definition: PresetDefinition,
  { sizes, alt }: ManifestQuery,
): Manifest {
  const { asset } = record
  const files = readyFiles(places, record, definition)
  const all = (role: string, among = files) => among.filter(file => file.role === role).map(bare)
  const first = (role: string, among = files) => all(role, among)[0] ?? null
  // A browser fetches them, and what they name, by itself.
  const reached = files.filter(file => file.isReached)
  const storyboard = first('storyboard', reached)
  const vtt = first('storyboard-part', reached)
  const shown = {
    assetId: asset.id,
    revision: asset.revision,
    kind: asset.kind,
    width: asset.width,
    height: asset.height,
    durationMs: asset.durationMs,
    placeholder: asset.placeholder && presentPlaceholder(asset.placeholder),
    picture: pictureOf(all('picture'), asset, sizes),
    animations: all('animation'),
    sources: asset.kind === 'audio' ? all('sound').sort(byAudioType) : all('rendition').sort(byWidth),
    tracks: all('chapters', reached).map(trackOf),
    hls: first('hls', reached),
    poster: all('poster').sort(byWidth)[0] ?? null,
    preview: first('preview'),
    storyboard: storyboard && vtt ? { picture: storyboard, vtt } : null,
    waveform: first('waveform'),
    peaks: first('peaks'),
    cover: first('cover'),
    pages: pagesOf(all('page')),
    text: first('text'),
  }
  return { ...shown, html: htmlOf(shown, alt ?? asset.altText ?? '') }
}

const trackOf = ({ variant, url, type, byteSize }: ManifestFile): ManifestTrack => ({
  kind: 'chapters',
  variant,
  url,
  type,
  byteSize,
})

const byWidth = (a: ManifestFile, b: ManifestFile) => (b.width ?? 0) - (a.width ?? 0)
const byAudioType = (a: ManifestFile, b: ManifestFile) => AUDIO_TYPES.indexOf(a.type) - AUDIO_TYPES.indexOf(b.type)

/** Returns the entry with the most pages, in order. Other entries show the first page only, in another size. */
function pagesOf(files: ManifestFile[]): ManifestFile[] {
  const entries = Object.values(Object.groupBy(files, file => file.variant.replace(/-\d+$/, '')))
  return entries.reduce<ManifestFile[]>((most, next = []) => (next.length >= most.length ? next : most), [])
}

/**
 * Returns the role of a file. The first file of an entry is the requested one, the others are those that it refers to;
 * but all pages are alike.
 */
const roleOf = (type: string, index: number) => (index === 0 || type === 'page' ? type : `${type}-part`)

const bare = ({ role: _role, isReached: _isReached, ...file }: ReadyFile): ManifestFile => file

function readyFiles(places: Places, record: AssetRecord, definition: PresetDefinition): ReadyFile[] {
  const { asset, variants } = record
  const specs = (asset.kind && definition[asset.kind]?.variants) ?? []
  const roles = new Map(
    specs.flatMap(spec => filesOf(spec).map((name, index) => [name, roleOf(spec.type, index)] as const)),
  )
  return variants.flatMap(variant => {
    const url = places.urlOf(record, variant)
    if (url === null || variant.contentType === null) return []
    const { name, contentType, width, height, byteSize } = variant
    const facts = { variant: name, url, type: contentType, width, height, byteSize }
    return [{ ...facts, role: roles.get(name) ?? 'icon', isReached: places.isReached(record, variant) }]
  })
}
