import { join } from 'node:path'
import type { MediaType } from '@darkroom/contracts/media-types'

/** Side of the rendered icons: the largest that a preset may ask for. */
export const MASTER_PX = 1024

export const ICON_FILES = join(import.meta.dirname, 'files')

/** Returns where the rendered icon of a type is. */
export const iconFile = (type: MediaType): string => join(ICON_FILES, `${type.replace('/', '-')}.webp`)
