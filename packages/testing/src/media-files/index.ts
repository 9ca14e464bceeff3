export {
  BT709_FROM,
  fromLinear,
  type Matrix,
  type Primaries,
  pq,
  type Rgb,
  samplesOf,
  shownColor,
  times,
  toLinear,
} from './colors.ts'
export {
  av1Frame,
  type Coded,
  clap,
  deepAvif,
  type HeifOptions,
  heifOf,
  hevcPicture,
  imir,
  irot,
  nclx,
} from './heif-files.ts'
export {
  fontDescriptor,
  greyImage,
  letters,
  manyPages,
  namedLetters,
  onePage,
  type PdfObject,
  pdf,
} from './pdf-files.ts'
export { type ColorTags, stripedVideo } from './striped-video.ts'
export { type TiffPage, tiffOf } from './tiff-files.ts'
