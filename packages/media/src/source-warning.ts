import type { WarningCode } from '@darkroom/contracts/warnings'

/** In characters. */
export const MAX_DETAIL_LENGTH = 500

/** What an owner should know of a file that is processed all the same. */
export interface SourceWarning {
  code: WarningCode
  /** What was found in this file, with numbers, for the owner: words of our own, no path and nothing that a library said. */
  detail: string
}

/** Returns a warning as it may cross: how much there is to say of a file is up to whoever made it. */
export const cutWarning = ({ code, detail }: SourceWarning): SourceWarning => ({
  code,
  detail: detail
    .replaceAll(/\p{Cc}/gu, ' ')
    .slice(0, MAX_DETAIL_LENGTH)
    .toWellFormed(),
})

/** Says it of the file that is being probed or rendered. Whoever listens keeps one warning of a code, the first. */
export type Warn = (warning: SourceWarning) => void
