import '@darkroom/core/drizzle-resolution'

const { runApi } = await import('./run.ts')
await runApi()
