import { appError, isMediaType, type MediaType, normalizeMediaType, typeOfFilename } from '@darkroom/contracts'
import { acceptType } from '@darkroom/ingest'

/** What servers send of a file that they know nothing of. */
const SAYS_NOTHING: ReadonlySet<string> = new Set([
  '',
  'application/octet-stream',
  'binary/octet-stream',
  'application/binary',
  'application/download',
  'application/force-download',
  'application/x-download',
])

interface Says {
  /** Who asked for the import; null when they did not say. */
  asked: string | null
  /** The source's `Content-Type`. */
  header: string
  filename: string
}

/**
 * What a file is taken to be until its bytes say so: what was asked for goes before what the source says, and only where that
 * says nothing its name decides.
 * @throws UNSUPPORTED_TYPE, DECODER_UNAVAILABLE; never with what the source has sent
 */
export function acceptSource({ asked, header, filename }: Says, rules: Parameters<typeof acceptType>[1]): MediaType {
  const said = normalizeMediaType(header)
  const type = asked ?? (SAYS_NOTHING.has(said) ? typeOfFilename(filename) : said)
  if (type === null || !isMediaType(type))
    throw appError('UNSUPPORTED_TYPE', 'The source is of no type that is taken here; `contentType` can say what it is.')
  return acceptType(type, rules)
}
