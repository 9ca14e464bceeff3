import { createDarkroom, createFolderMemory } from '@darkroom/sdk/node'

// Uploads a file, and stops to tell its parent when the store has a part, so that it can be killed there.

const PART_BYTES = 5_000_000
const [url = '', key = '', folder = '', path = ''] = process.argv.slice(2)

let isTold = false
await createDarkroom({ url, key, memory: createFolderMemory(folder) }).upload(path, {
  partSize: PART_BYTES,
  parallel: 1,
  onProgress({ sentBytes }) {
    if (sentBytes <= PART_BYTES || isTold) return
    isTold = true
    process.send?.(sentBytes)
    // Nothing more leaves until the kill.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  },
})
