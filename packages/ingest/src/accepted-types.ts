import {
  appError,
  isMediaType,
  MEDIA_TYPES,
  type MediaKind,
  type MediaType,
  normalizeMediaType,
  saysNothing,
  typeOfFilename,
  UNKNOWN_TYPE,
} from '@darkroom/contracts'

/** Returns media types that an installation takes. */
export const acceptedTypes = (
  { acceptsSvg }: { acceptsSvg: boolean },
  unavailable: readonly MediaKind[],
): MediaType[] =>
  (Object.keys(MEDIA_TYPES) as MediaType[]).filter(
    type => !unavailable.includes(MEDIA_TYPES[type].kind) && (acceptsSvg || type !== 'image/svg+xml'),
  )

export interface TypeRules {
  acceptsSvg: boolean
  /** Kinds of media that no worker has tools for. */
  unavailable: readonly MediaKind[]
  /** Null leaves it to the installation. */
  allowedTypes: readonly string[] | null
}

export interface Declared {
  /** As a client or a source says it; empty when it says nothing. */
  contentType: string
  filename: string
}

/**
 * Returns the standard name of a declared media type, if files of it are taken.
 * @throws UNSUPPORTED_TYPE, DECODER_UNAVAILABLE
 */
export function acceptType(declared: string, { acceptsSvg, unavailable, allowedTypes }: TypeRules): MediaType {
  const contentType = normalizeMediaType(declared)
  if (!isMediaType(contentType) || !acceptedTypes({ acceptsSvg }, []).includes(contentType))
    throw appError(
      'UNSUPPORTED_TYPE',
      `The type "${contentType}" is not supported by this installation. See /v1/status.`,
    )
  if (allowedTypes && !allowedTypes.includes(contentType))
    throw appError('UNSUPPORTED_TYPE', `The type "${contentType}" is not allowed in this project.`)
  const kind = MEDIA_TYPES[contentType].kind
  if (unavailable.includes(kind))
    throw appError('DECODER_UNAVAILABLE', `No worker here has ffmpeg, which is needed for ${kind}.`)
  return contentType
}

/**
 * Returns what a file is taken for until its bytes are read: what was declared, or, where that says nothing, what its name ends with. Where
 * the bytes decide, it may be `UNKNOWN_TYPE`.
 * @throws UNSUPPORTED_TYPE, DECODER_UNAVAILABLE
 */
export function typeToTry(
  { contentType, filename }: Declared,
  rules: TypeRules & { detectTypeByContent: boolean },
): string {
  if (!saysNothing(normalizeMediaType(contentType))) return acceptType(contentType, rules)
  const byName = typeOfFilename(filename)
  if (rules.detectTypeByContent && (byName === null || !isTaken(byName, rules))) return UNKNOWN_TYPE
  if (byName === null)
    throw appError(
      'UNSUPPORTED_TYPE',
      'The type of the file is unknown. Send `contentType`, or a `filename` with an extension.',
    )
  return acceptType(byName, rules)
}

const isTaken = (type: MediaType, { acceptsSvg, unavailable, allowedTypes }: TypeRules): boolean =>
  acceptedTypes({ acceptsSvg }, unavailable).includes(type) && (allowedTypes?.includes(type) ?? true)
