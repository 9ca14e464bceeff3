import { constants, readFileSync } from 'node:fs'

/**
 * The bytes of a file that a media process made. That process may have been taken over by what it decoded, and may put a link
 * to a secret of ours in the file's place once the file was looked at; so no link is followed. A small file that was just
 * written is read at once for less than it costs to hand the four calls to threads.
 */
export const readMade = (file: string): Buffer =>
  readFileSync(file, { flag: constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK })
