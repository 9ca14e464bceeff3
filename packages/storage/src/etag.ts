/** An ETag without quotes and weakness mark, so that heads, copies and listings compare equal. */
export const bareEtag = (etag: string): string => etag.replace(/^W\//, '').replace(/^"|"$/g, '')

export const quotedEtag = (etag: string): string => `"${bareEtag(etag)}"`

/** Multipart ETags (`…-3`) are no digest of the content, and a copy has another one. */
export const isContentEtag = (etag: string): boolean => /^[0-9a-f]{32}$/i.test(bareEtag(etag))
