import {
  appError,
  isMediaType,
  MEDIA_TYPES,
  type MediaKind,
  type MediaType,
  normalizeMediaType,
} from '@darkroom/contracts'

/** Media types that an installation takes. */
export const acceptedTypes = ({ acceptsSvg }: { acceptsSvg: boolean }, lacking: readonly MediaKind[]): MediaType[] =>
  (Object.keys(MEDIA_TYPES) as MediaType[]).filter(
    type => !lacking.includes(MEDIA_TYPES[type]) && (acceptsSvg || type !== 'image/svg+xml'),
  )

export interface TypeRules {
  acceptsSvg: boolean
  /** Kinds of media that no worker has tools for. */
  lacking: readonly MediaKind[]
  /** Null leaves it to the installation. */
  allowedTypes: readonly string[] | null
}

/**
 * The standard name of a declared media type, if files of it are taken.
 * @throws UNSUPPORTED_TYPE, DECODER_UNAVAILABLE
 */
export function acceptType(declared: string, { acceptsSvg, lacking, allowedTypes }: TypeRules): MediaType {
  const contentType = normalizeMediaType(declared)
  if (!isMediaType(contentType) || !acceptedTypes({ acceptsSvg }, []).includes(contentType))
    throw appError('UNSUPPORTED_TYPE', `"${contentType}" is not a type that this installation takes; see /v1/status.`)
  if (allowedTypes && !allowedTypes.includes(contentType))
    throw appError('UNSUPPORTED_TYPE', `"${contentType}" is not a type that this project takes.`)
  const kind = MEDIA_TYPES[contentType]
  if (lacking.includes(kind)) throw appError('DECODER_UNAVAILABLE', `No worker here has ffmpeg, which ${kind} needs.`)
  return contentType
}
