import '@darkroom/core/drizzle-resolution'

await import('./run.ts')
