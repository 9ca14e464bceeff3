// Loads what a media process loads and writes V8's code for it into the folder that it is told. It sees no media.
import { enableCompileCache, flushCompileCache } from 'node:module'

enableCompileCache(process.argv[2])
await import('./serve.ts')
const { loadKinds } = await import('./methods.ts')
await loadKinds()
flushCompileCache()
