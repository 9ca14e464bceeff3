import type { PartInStore, Upload } from './uploads.ts'

export interface SignedRequest {
  url: string
  headers?: Record<string, string>
  /** In the place of the key that Uppy asked with. */
  key?: string
}

/**
 * Answers in the place of the store: a `data:` URL answers any method with 200 and its own content (WHATWG Fetch, "scheme fetch").
 * A Content-Security-Policy needs `connect-src data:` for it.
 */
const answer = (xml: string): SignedRequest => ({ url: `data:application/xml,${encodeURIComponent(xml)}` })

export const NOTHING = answer('')

/** Answers CreateMultipartUpload. The upload id is Darkroom's; nobody but Darkroom knows the store's. */
export const opened = ({ uploadId }: Upload): SignedRequest =>
  answer(`<InitiateMultipartUploadResult><UploadId>${escaped(uploadId)}</UploadId></InitiateMultipartUploadResult>`)

/** Answers ListParts. */
export const listed = (parts: readonly PartInStore[]): SignedRequest =>
  answer(`<ListPartsResult>${parts.map(partXml).join('')}</ListPartsResult>`)

const partXml = ({ partNumber, etag }: PartInStore) =>
  `<Part><PartNumber>${partNumber}</PartNumber><ETag>${escaped(etag)}</ETag></Part>`

/** Answers CompleteMultipartUpload. */
export const completed = ({ assetId }: Upload, location: string): SignedRequest =>
  answer(
    `<CompleteMultipartUploadResult><Location>${escaped(location)}</Location><Key>${escaped(assetId)}</Key></CompleteMultipartUploadResult>`,
  )

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, character => ENTITIES[character] ?? character)
