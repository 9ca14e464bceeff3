import { MEDIA_TYPES, ServiceStatus } from '@darkroom/contracts'
import { type Route, withZod } from '../route.ts'

/** What this installation takes; open to all, so that a client can refuse a file before it asks for an upload. */
export const statusRoute: Route = (app, { settings }) => {
  withZod(app).get(
    '/v1/status',
    { schema: { tags: ['System'], summary: 'What this installation takes', response: { 200: ServiceStatus } } },
    async () => ({
      mode: settings.mode,
      version: settings.version,
      uploads: 'open' as const,
      accepts: Object.keys(MEDIA_TYPES),
      maxUploadBytes: settings.maxUploadBytes,
      decoders: { image: true, video: false, audio: false, document: false },
    }),
  )
}
