// A program as somebody would write it with the SDK: uploads all files of a folder, some at a time.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { inParallel, lanes } from '../measure/in-parallel.ts'

const [sdk = '', folder = '', filesAtOnce] = process.argv.slice(2)
const published: typeof import('@darkroom/sdk/node') = await import(join(sdk, 'node/index.js'))
const { createDarkroom } = published
const darkroom = createDarkroom({ url: process.env.DARKROOM_URL ?? '', key: process.env.DARKROOM_KEY ?? '' })

await inParallel(await readdir(folder), lanes(Number(filesAtOnce)), async name => {
  await darkroom.upload(join(folder, name))
})
