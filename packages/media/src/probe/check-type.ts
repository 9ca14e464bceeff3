import { isMediaType, type MediaType, normalizeMediaType, UNKNOWN_TYPE } from '@darkroom/contracts/media-types'
import { isTextType } from '../document/text-types.ts'
import { MediaFault } from '../fault.ts'
import type { SniffContext, SniffResults } from './context.ts'

/**
 * Types that share a container, so that the first bytes cannot tell them apart, or that people mix up: whoever declared one
 * of a family may have sent another.
 */
const FAMILIES: readonly (readonly MediaType[])[] = [
  ['video/mp4', 'audio/mp4', 'video/quicktime', 'video/3gpp'],
  ['video/webm', 'video/matroska'],
  ['audio/ogg', 'video/ogg'],
  ['image/heic', 'image/heif'],
  ['audio/mpeg', 'audio/aac'],
  ['video/mpeg', 'video/mp2t'],
]

/** Files that are more than the text that they are written in. */
const WRITTEN_AS_TEXT: ReadonlySet<string> = new Set<MediaType>(['application/pdf', 'application/rtf', 'image/svg+xml'])

/**
 * What the bytes are, whatever was declared. Texts and SVG files have no mark of their own: they are taken for nothing that nobody
 * said that they are.
 */
export const detectTypeStep = {
  name: 'type',
  run(context: SniffContext, results: Pick<SniffResults, 'sniffed'>): MediaType {
    const { declaredType } = context
    const { text } = results.sniffed
    const type = results.sniffed.type === null ? null : normalizeMediaType(results.sniffed.type)
    const isMarked = type !== null && type !== SVG && !(text && !WRITTEN_AS_TEXT.has(type))
    if (!isMarked && declaredType === UNKNOWN_TYPE)
      throw new MediaFault(
        'UNRECOGNIZED_TYPE',
        'The type of the content could not be recognized, and none was declared',
      )
    if (!isMarked) return checkTypeStep.run(context, results)
    if (!isMediaType(type)) throw new MediaFault('UNSUPPORTED_TYPE', `The content is ${type}, which is not supported`)
    return isMediaType(declaredType) && areAlike(type, declaredType) ? declaredType : type
  },
} as const

const SVG: MediaType = 'image/svg+xml'

/** The bytes decide; what was declared must agree with them. */
export const checkTypeStep = {
  name: 'type',
  run({ declaredType }: SniffContext, { sniffed }: Pick<SniffResults, 'sniffed'>): MediaType {
    const { text } = sniffed
    const type = sniffed.type === null ? null : normalizeMediaType(sniffed.type)
    if (!isMediaType(declaredType) && (type === null || type === declaredType)) {
      throw new MediaFault('UNSUPPORTED_TYPE', `Files of type ${declaredType} are not supported`)
    }
    const isOwnText = text && !(type !== null && WRITTEN_AS_TEXT.has(type))
    if (isOwnText && isMediaType(declaredType) && isTextType(declaredType)) return declaredType
    if (type === null && text) throw new MediaFault('TYPE_MISMATCH', `The content is text, not ${declaredType}`)
    if (type === null) throw new MediaFault('UNRECOGNIZED_TYPE', 'The type of the content could not be recognized')
    if (isMediaType(type) && areAlike(type, declaredType)) return type
    throw new MediaFault('TYPE_MISMATCH', `The content is ${type}, not ${declaredType}`)
  },
} as const

const areAlike = (type: MediaType, declared: string): boolean =>
  type === declared || FAMILIES.some(family => family.includes(type) && family.some(member => member === declared))
