import { expect, it } from 'vitest'
import { ERRORS } from './errors.ts'

/** Variables of the configuration and names of libraries: what an owner can do nothing with. */
const INTERNALS = /\b[A-Z][A-Z0-9]+_[A-Z0-9_]+\b|vips|sharp|ffmpeg|ffprobe|pdfium|bullmq|postgres|redis/i

it.each(Object.entries(ERRORS).map(([code, { owner, title }]) => [code, `${title}: ${owner}`]))(
  '%s tells the owner nothing of our settings and libraries',
  (_, text) => {
    expect(text).not.toMatch(INTERNALS)
  },
)
