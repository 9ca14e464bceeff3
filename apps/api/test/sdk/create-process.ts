import { createDarkroom, createFolderMemory } from '@darkroom/sdk/node'

// Creates uploads, and stops to tell its parent when the service has created them, before the SDK learns of that: one upload by itself, of
// several files those that are created together.

const [url = '', key = '', folder = '', ...paths] = process.argv.slice(2)
const stopsAt = paths.length > 1 ? '/v1/uploads/batch' : '/v1/uploads'

const darkroom = createDarkroom({
  url,
  key,
  memory: createFolderMemory(folder),
  async fetch(input, init) {
    const answer = await fetch(input, init)
    if (new URL(answer.url).pathname !== stopsAt) return answer
    process.send?.(await answer.json())
    // Nothing more happens until the kill.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    return answer
  },
})
await Promise.all(paths.map(path => darkroom.upload(path)))
