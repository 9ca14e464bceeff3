import type { Route } from '../route.ts'
import { TUS_EXTENSIONS, TUS_VERSION } from './protocol.ts'

/** Tells clients what of the protocol is supported. Needs no key, as a browser asks without one. */
export const discoverTusRoute: Route = (app, { settings }) => {
  app.options('/v1/tus', { schema: { hide: true } }, (_request, reply) =>
    reply
      .code(204)
      .header('tus-version', TUS_VERSION)
      .header('tus-extension', TUS_EXTENSIONS.join(','))
      .header('tus-max-size', settings.maxUploadBytes)
      .send(),
  )
}
