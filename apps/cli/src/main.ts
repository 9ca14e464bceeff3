import '@darkroom/core/import-resolution'

const { runCommandLine } = await import('./run.ts')
await runCommandLine()
