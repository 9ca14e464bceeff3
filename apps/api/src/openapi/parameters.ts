import { mapOperations, type Parameter, type Step } from './document.ts'

/** What a route reads it calls in lower case, as Node does; people do not. */
const SPELLINGS: Record<string, string> = {
  'if-match': 'If-Match',
  'if-none-match': 'If-None-Match',
  'last-event-id': 'Last-Event-ID',
  'tus-resumable': 'Tus-Resumable',
  'upload-length': 'Upload-Length',
  'upload-metadata': 'Upload-Metadata',
  'upload-offset': 'Upload-Offset',
  'x-bz-event-notification-signature': 'X-Bz-Event-Notification-Signature',
}

/** Writes the names of headers in their usual form, and describes each id in a path. */
export const withParameters: Step = document =>
  mapOperations(document, ({ parameters, ...operation }, { path }) => ({
    ...operation,
    ...(parameters && { parameters: parameters.map(parameter => finished(parameter, path)) }),
  }))

function finished(parameter: Parameter, path: string): Parameter {
  const { in: place, name, description } = parameter
  if (place === 'header') return { ...parameter, name: SPELLINGS[name] ?? name }
  if (place !== 'path' || description) return parameter
  const [, collection = ''] = new RegExp(`([a-z]+)/\\{${name}\\}`).exec(path) ?? []
  return {
    ...parameter,
    description: DESCRIPTIONS[name] ?? `Id of the ${SINGULAR[collection] ?? collection.slice(0, -1)}.`,
  }
}

const SINGULAR: Record<string, string> = { deliveries: 'delivery', quarantine: 'entry', tus: 'upload' }
const DESCRIPTIONS: Record<string, string> = { token: 'Token from the URL that the API returned.' }
