import type { Operation } from './index.ts'

/** Adds author and copyright where they are kept. sharp writes no metadata unless asked; author and copyright are the only ones that a preset can ask for. */
export const rights: Operation = (image, { keepCopyright }, { rights }) => {
  if (!keepCopyright || !rights) return image
  const { artist, copyright } = rights
  return image.withExif({
    IFD0: { ...(artist && { Artist: whole(artist) }), ...(copyright && { Copyright: whole(copyright) }) },
  })
}

/** Adds brackets to a text: libvips takes the last brackets for its own remark and drops them. */
const whole = (text: string): string => `${text} ()`
