import { createDarkroom, createFolderMemory } from '@darkroom/sdk/node'

// Creates an upload, and stops to tell its parent when the service has created it, before the SDK learns of that.

const [url = '', key = '', folder = '', path = ''] = process.argv.slice(2)

await createDarkroom({
  url,
  key,
  memory: createFolderMemory(folder),
  async fetch(input, init) {
    const answer = await fetch(input, init)
    process.send?.(await answer.json())
    // Nothing more happens until the kill.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    return answer
  },
}).upload(path)
