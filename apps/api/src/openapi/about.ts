/** What a reader of the document learns first. */
export const ABOUT = `Presigned uploads in, thumbnails and variants behind CDN URLs out.

**Start** with \`POST /v1/uploads\`, PUT the file to the URL in the response, and confirm. Then poll the asset, or use a webhook.

**Authentication**: send an API key as \`Authorization: Bearer <key>\`. Each operation names the scope that it needs. Resources of other projects return 404.

**Errors** are RFC 9457 problem details with a stable \`code\`. \`type\` links to its documentation.

**Request ids**: every response has an \`X-Request-Id\`. Send your own, with up to 128 letters, digits and \`.:_+/=@-\`, to find a request and its jobs in the logs.

**Idempotency**: repeating a POST is safe with an \`Idempotency-Key\`. For 24 hours, a request with the same key and body is executed only once.

**Long polling**: \`?wait=25\` with \`If-None-Match\` waits for a change. \`/events\` streams changes.

**Pagination**: lists return \`items\` and \`nextCursor\`. Send it as \`cursor\` to get the next page, until it is null.

**Compatibility**: new fields, error codes, event types and statuses can be added at any time. Ignore those that you do not know.`

/** What the operations are about, in the order of the document. */
export const TAGS = [
  {
    name: 'Uploads',
    description: 'Upload files with presigned URLs, from a browser or a server, or import them from a URL.',
  },
  {
    name: 'Assets',
    description: 'Uploaded files with their facts and variants, and how to show them.',
  },
  {
    name: 'Shares',
    description:
      'Download links for people without an API key. They end by time, by number of downloads, or when you revoke them.',
  },
  { name: 'Jobs', description: 'Background work on a file, and its progress.' },
  {
    name: 'Presets',
    description:
      'Versioned definitions of the variants to make, and backfills that apply a version to existing assets.',
  },
  { name: 'Webhooks', description: 'Signed webhooks, and the event log as a feed.' },
  { name: 'Keys', description: 'API keys of your project. Managing them needs a key with the scope `admin`.' },
  { name: 'Usage', description: 'Storage usage and quota of your project.' },
  { name: 'System', description: 'Capabilities and health of this installation.' },
  { name: 'Admin', description: 'For operators of the installation: jobs, queues, projects, quarantine, takedowns.' },
]
