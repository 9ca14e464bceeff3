import type { Metadata, Sharp } from 'sharp'
import type { ImageFacts } from '../../facts.ts'
import type { Limits } from '../../limits.ts'
import type { Warn } from '../../source-warning.ts'
import type { Cicp } from '../cicp/cicp.ts'
import type { ImageInput } from '../input.ts'
import type { ImageType } from '../types.ts'

type Known = 'width' | 'height' | 'autoOrient' | 'hasAlpha' | 'depth' | 'space'

/** What the header of a file says, in sharp's words. */
export type Header = Pick<Metadata, Known> & Partial<Omit<Metadata, Known | 'format'>> & { format: string }

export interface HeaderInput {
  file: string
  input: ImageInput
  type: ImageType
  limits: Limits
}

export interface OpenInput {
  file: string
  input: ImageInput
  facts: ImageFacts
  limits: Limits
  warn: Warn
}

/** A file that is ready to be decoded, once or several times. */
export interface ImageSource {
  /** A pipeline that begins at the upright image. With `ignoreIcc` the colours stay as the file has them. */
  image(options?: { ignoreIcc?: boolean }): Sharp
  icc: Buffer | undefined
  /** Where the colours are given by number and mean something else than in sRGB. */
  cicp?: Cicp | undefined
  exif: Buffer | undefined
}

/** Reads one family of image formats. What it throws that is no MediaFault is translated by `faultOf`. */
export interface Decoder {
  /** Reads no pixels. */
  readHeader(input: HeaderInput): Promise<Header>
  open(input: OpenInput): Promise<ImageSource>
}
