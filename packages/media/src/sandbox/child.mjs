// The entry of the process that decodes untrusted bytes: finds what V8 made of our code before, then runs it.
// Plain JavaScript, because before the cache is open Node would load its TypeScript compiler for this file alone.
import { enableCompileCache } from 'node:module'

/** @type {import('./protocol.ts').ChildSettings} */
const settings = JSON.parse(process.argv[2] ?? '{}')
if (settings.codeDir !== null) enableCompileCache(settings.codeDir)
const { serve } = await import('./serve.ts')
serve(settings)
