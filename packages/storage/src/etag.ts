/** Returns an ETag without quotes and weakness mark, so that heads, copies and listings compare equal. */
export const bareEtag = (etag: string): string => etag.replace(/^W\//, '').replace(/^"|"$/g, '')

export const quotedEtag = (etag: string): string => `"${bareEtag(etag)}"`

/** Returns whether an ETag is a digest of the content. Multipart ETags (`…-3`) are no digest of the content, and a copy has another one. */
export const isContentEtag = (etag: string): boolean => /^[0-9a-f]{32}$/i.test(bareEtag(etag))

/**
 * Returns the MD5 (hex) of the content, where the ETag may be one: not of an object that came in parts. A store that encrypts may
 * answer something else that looks the same, so a difference is a reason to look again, not a proof.
 */
export const md5OfEtag = (etag: string): string | null => (isContentEtag(etag) ? bareEtag(etag).toLowerCase() : null)
