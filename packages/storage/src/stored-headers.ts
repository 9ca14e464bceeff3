import type { PutInput } from './object-store.ts'

/** Returns the headers of a stored object, as S3 input fields. */
export const storedHeaders = (input: Pick<PutInput, 'contentType' | 'cacheControl' | 'contentDisposition'>) => ({
  ContentType: input.contentType,
  CacheControl: input.cacheControl,
  ContentDisposition: input.contentDisposition,
})
