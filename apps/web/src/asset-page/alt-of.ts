import type { Asset } from '@darkroom/contracts'

/** Returns what an image of the asset is called for those who do not see it: its alt text, else its name. */
export const altOf = ({ altText, title, filename }: Pick<Asset, 'altText' | 'title' | 'filename'>): string =>
  altText || title || filename
