/** A part of an image's file that is not needed to show its pixels. */
export interface Block {
  /** `EXIF`, `ICC profile`, or what the container calls it; never its content. */
  name: string
  /** From the TIFF header of EXIF, or the first byte of a profile, on. */
  bytes: Buffer
}

export const EXIF = 'EXIF'
export const PROFILE = 'ICC profile'

const NOTHING = Buffer.alloc(0)

/** Returns the finding of bytes behind the end. A file that does not end where its container says may hide anything. */
export const tail = (name: string): Block => ({ name, bytes: NOTHING })
