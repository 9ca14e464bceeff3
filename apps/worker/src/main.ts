import '@darkroom/core/drizzle-resolution'

const { runWorker } = await import('./run.ts')
await runWorker()
