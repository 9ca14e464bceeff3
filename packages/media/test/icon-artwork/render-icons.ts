// Renders the icon of every media type into packages/media/src/icon/files: `npm run icons`, after a change of the artwork or a new type.
import { mkdir, rm } from 'node:fs/promises'
import { MEDIA_TYPES, type MediaType } from '@darkroom/contracts/media-types'
import sharp from 'sharp'
import { ICON_FILES, iconFile, MASTER_PX } from '../../src/icon/icon-file.ts'
import { iconSvg } from './icon-svg.ts'

await rm(ICON_FILES, { recursive: true, force: true })
await mkdir(ICON_FILES, { recursive: true })
for (const type of Object.keys(MEDIA_TYPES) as MediaType[]) {
  await sharp(Buffer.from(iconSvg(type)), { density: (72 * MASTER_PX) / 256 })
    .resize(MASTER_PX, MASTER_PX)
    .webp({ nearLossless: true, quality: 60, effort: 6 })
    .toFile(iconFile(type))
}
