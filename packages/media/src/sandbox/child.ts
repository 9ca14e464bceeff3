// The entry of the process that decodes untrusted bytes: finds what V8 made of our code before, then runs it.
import { enableCompileCache } from 'node:module'
import type { ChildSettings } from './protocol.ts'

const settings = JSON.parse(process.argv[2] ?? '{}') as ChildSettings
if (settings.codeDir !== null) enableCompileCache(settings.codeDir)
const { serve } = await import('./serve.ts')
serve(settings)
