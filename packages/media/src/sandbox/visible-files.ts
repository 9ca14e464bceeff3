import { fileURLToPath } from 'node:url'

// What a decoder sees of the host besides /usr, to read only.

export const LIBRARY_FOLDERS = ['/lib', '/lib32', '/lib64', '/bin', '/sbin']
export const SYSTEM_FILES = ['/etc/ld.so.cache', '/etc/fonts', '/etc/alternatives', '/var/cache/fontconfig']

/** The checkout. Never shown as a whole: configuration with secrets and the data of a local installation lie in it. */
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
export const CODE = ['node_modules', 'packages/media', 'packages/contracts', 'packages/core'].map(
  name => `${ROOT}${name}`,
)
