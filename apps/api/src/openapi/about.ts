/** What a reader of the document learns first. */
export const ABOUT = `Presigned uploads in, thumbnails and variants behind CDN URLs out.

**Begin** with \`POST /v1/uploads\`, put the bytes where the answer says, and confirm. Then read the asset, or be told of it by a webhook.

**Keys** go into \`Authorization: Bearer <key>\`. Each operation names the scope that it needs. Whatever belongs to another project is a 404.

**Errors** are RFC 9457 problem details with a stable \`code\`, whose explanation is at \`type\`.

**Repeating** a POST is safe with an \`Idempotency-Key\`: for 24 hours the same key and body are done once.

**Waiting** needs no polling: \`?wait=25\` with \`If-None-Match\` holds the answer until something changes, \`/events\` streams it.

**Lists** answer \`items\` and \`nextCursor\`; hand that on as \`cursor\` until it is null.

**Tolerance**: new fields, error codes, event types and statuses may come at any time. Ignore those that you do not know.`

/** What the operations are about, in the order of the document. */
export const TAGS = [
  {
    name: 'Uploads',
    description: 'Files on their way in: from a browser or a server by presigned URLs, or from a URL of yours.',
  },
  {
    name: 'Assets',
    description: 'Files that are in: what is known of them, what was made of them, and how to show it.',
  },
  {
    name: 'Shares',
    description: 'Links for people without a key; they end by time, by count, or when you revoke them.',
  },
  { name: 'Jobs', description: 'Work on a file, and how far it is.' },
  {
    name: 'Presets',
    description: 'What to make of files, in versions that never change, and moving many files to another one.',
  },
  { name: 'Webhooks', description: 'Being told of what happens, by signed messages or by the log of events.' },
  { name: 'Keys', description: 'Keys of your project, managed with one that has the scope `admin`.' },
  { name: 'Usage', description: 'What your project has stored, and what it may.' },
  { name: 'System', description: 'What this installation takes, and whether it is well.' },
  { name: 'Admin', description: 'For those who run the installation: jobs, queues, projects, quarantine, takedowns.' },
]
