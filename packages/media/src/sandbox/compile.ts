// Loads what a media process loads and writes V8's code for it into the folder that it is told. It sees no media.
import { enableCompileCache, flushCompileCache } from 'node:module'

enableCompileCache(process.argv[2])
await import('./serve.ts')
const { markInOneGo } = await import('./marking.ts')
// V8 takes code only under the flags that it was compiled with.
markInOneGo()
const { loadKinds } = await import('./methods.ts')
const { DECODERS } = await import('../image/decoders/index.ts')
// What is loaded when first needed as well.
await Promise.all([loadKinds(), ...Object.values(DECODERS).map(load => load()), import('../privacy/media-tags.ts')])
flushCompileCache()
