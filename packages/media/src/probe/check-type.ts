import type { MediaType } from '@darkroom/contracts'
import { MediaFault } from '../fault.ts'
import { IMAGE_TYPES } from '../image/types.ts'
import type { SniffContext, SniffResults } from './context.ts'

const isDecodable = (type: string): type is MediaType => Object.hasOwn(IMAGE_TYPES, type)

/** The bytes decide; what was declared must agree with them. */
export const checkTypeStep = {
  name: 'type',
  run({ declaredType }: SniffContext, { sniffed }: Pick<SniffResults, 'sniffed'>): MediaType {
    const { type, text } = sniffed
    if (!isDecodable(declaredType) && (type === null || type === declaredType)) {
      throw new MediaFault('UNSUPPORTED_TYPE', `Files of type ${declaredType} are not taken`)
    }
    if (type === null && text) throw new MediaFault('TYPE_MISMATCH', `The content is text, not ${declaredType}`)
    if (type === null) throw new MediaFault('UNRECOGNIZED_TYPE', 'The content is of no type that we know')
    if (type !== declaredType || !isDecodable(type)) {
      throw new MediaFault('TYPE_MISMATCH', `The content is ${type}, not ${declaredType}`)
    }
    return type
  },
} as const
