import { createDarkroom, createFolderMemory } from '@darkroom/sdk/node'

// A program as somebody would write it with the SDK: uploads a file, and goes on with what an earlier run of it left.

const [url = '', key = '', folder = '', path = '', partSize = ''] = process.argv.slice(2)
const darkroom = createDarkroom({ url, key, memory: createFolderMemory(folder) })
await darkroom.upload(path, partSize === '' ? {} : { partSize: Number(partSize) })
