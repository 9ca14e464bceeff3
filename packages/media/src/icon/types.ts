import type { MediaType } from '@darkroom/contracts'

/** Types that look alike have one picture and one colour. */
export type Family = 'pdf' | 'document' | 'sheet' | 'slides' | 'archive' | 'text' | 'code' | 'image' | 'film' | 'sound'

const OFFICE = 'application/vnd.openxmlformats-officedocument'
const OPEN = 'application/vnd.oasis.opendocument'

/** What is drawn for a type: the picture of its family, and its usual file name ending. */
export const ICONS: Record<MediaType, readonly [Family, string]> = {
  'image/jpeg': ['image', 'JPEG'],
  'image/png': ['image', 'PNG'],
  'image/webp': ['image', 'WEBP'],
  'image/gif': ['image', 'GIF'],
  'image/avif': ['image', 'AVIF'],
  'image/tiff': ['image', 'TIFF'],
  'image/heic': ['image', 'HEIC'],
  'image/heif': ['image', 'HEIF'],
  'image/jxl': ['image', 'JXL'],
  'image/svg+xml': ['image', 'SVG'],
  'video/mp4': ['film', 'MP4'],
  'video/quicktime': ['film', 'MOV'],
  'video/webm': ['film', 'WEBM'],
  'video/matroska': ['film', 'MKV'],
  'video/vnd.avi': ['film', 'AVI'],
  'video/mp2t': ['film', 'TS'],
  'video/mpeg': ['film', 'MPEG'],
  'video/3gpp': ['film', '3GP'],
  'video/ogg': ['film', 'OGV'],
  'audio/mpeg': ['sound', 'MP3'],
  'audio/mp4': ['sound', 'M4A'],
  'audio/aac': ['sound', 'AAC'],
  'audio/flac': ['sound', 'FLAC'],
  'audio/wav': ['sound', 'WAV'],
  'audio/ogg': ['sound', 'OGG'],
  'audio/aiff': ['sound', 'AIFF'],
  'application/pdf': ['pdf', 'PDF'],
  'application/epub+zip': ['document', 'EPUB'],
  'application/rtf': ['document', 'RTF'],
  'application/zip': ['archive', 'ZIP'],
  [`${OFFICE}.wordprocessingml.document`]: ['document', 'DOCX'],
  [`${OFFICE}.spreadsheetml.sheet`]: ['sheet', 'XLSX'],
  [`${OFFICE}.presentationml.presentation`]: ['slides', 'PPTX'],
  [`${OPEN}.text`]: ['document', 'ODT'],
  [`${OPEN}.spreadsheet`]: ['sheet', 'ODS'],
  [`${OPEN}.presentation`]: ['slides', 'ODP'],
  'application/json': ['code', 'JSON'],
  'text/plain': ['text', 'TXT'],
  'text/csv': ['sheet', 'CSV'],
  'text/markdown': ['text', 'MD'],
}
