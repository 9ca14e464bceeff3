import '@darkroom/core/import-resolution'

const { runApi } = await import('./run.ts')
await runApi()
