import { appError, isMediaType, normalizeMediaType, saysNothing } from '@darkroom/contracts'
import { typeToTry } from '@darkroom/ingest'

interface Says {
  /** Who asked for the import; null when they did not say. */
  asked: string | null
  /** The source's `Content-Type`. */
  header: string
  filename: string
}

/**
 * Decides which type a file is taken to be until its bytes tell. The requested type comes first, then the type that the
 * source sends; the file name decides when both are missing or too general.
 * @throws UNSUPPORTED_TYPE, DECODER_UNAVAILABLE; never with what the source has sent
 */
export function acceptSource({ asked, header, filename }: Says, rules: Parameters<typeof typeToTry>[1]): string {
  const said = asked ?? normalizeMediaType(header)
  if (!saysNothing(said) && !isMediaType(said))
    throw appError(
      'UNSUPPORTED_TYPE',
      'The type of the source is not supported here. If it is wrong, send `contentType`.',
    )
  return typeToTry({ contentType: said, filename }, rules)
}
