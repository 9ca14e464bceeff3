import type { AssetDetails } from './asset-details.ts'

/** What the details of an asset are when nothing is said. In a file without zod, because the page loads it. */
export const NO_DETAILS: AssetDetails = {
  externalId: null,
  folder: '',
  tags: [],
  metadata: {},
  title: null,
  altText: null,
  description: null,
  focalPoint: null,
}
