import '@darkroom/core/import-resolution'

const { runWorker } = await import('./run.ts')
await runWorker()
