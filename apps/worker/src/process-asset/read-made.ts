import { constants } from 'node:fs'
import { readFile } from 'node:fs/promises'

/**
 * The bytes of a file that a media process made. That process may have been taken over by what it decoded, and may put a link
 * to a secret of ours in the file's place once the file was looked at; so no link is followed.
 */
export const readMade = (file: string): Promise<Buffer> =>
  readFile(file, { flag: constants.O_RDONLY | constants.O_NOFOLLOW })
