import type { UploadOptions } from './upload-types.ts'

const FIRST = ['preset', 'externalId', 'folder', 'metadata', 'tags'] as const
const LATER = ['title', 'altText', 'description', 'focalPoint'] as const

type DetailName = (typeof FIRST)[number] | (typeof LATER)[number]
type GivenDetails = { [Name in DetailName]?: NonNullable<UploadOptions[Name]> }

/** Returns the details of the asset that were given, for the request. */
export const givenDetails = (options: UploadOptions): GivenDetails =>
  Object.fromEntries([...FIRST, ...LATER].flatMap(name => (options[name] === undefined ? [] : [[name, options[name]]])))

/** Returns the details as they count for what an upload is remembered by. Without the later ones it is as in earlier versions. */
export function rememberedDetails(options: UploadOptions): unknown[] {
  const later = LATER.map(name => options[name])
  return [...FIRST.map(name => options[name]), ...(later.some(value => value !== undefined) ? later : [])]
}
