import type { ProxyChanges } from '@darkroom/testing'
import type { DoctorOptions } from '../src/doctor/run-doctor.ts'
import { envOfKey, nativeAnswers, PRIVATE, PUBLIC, type World } from './doctor-world.ts'

/** A fault, and what doctor must make of it. */
export interface Fault {
  name: string
  env?: Record<string, string>
  options?: Partial<DoctorOptions>
  /** How the store differs from one that is well. */
  changes?: ProxyChanges
  /** What B2's native API says; without it there is none. */
  native?: ReturnType<typeof nativeAnswers>
  /** What is set up wrongly; taken back by `heal`. */
  arrange?(world: World): Promise<unknown> | unknown
  /** Everything that is amiss then, and nothing else. */
  amiss: string[]
  /** What the first of them saw or says of the cause. */
  says: RegExp
  /** With `--fix` all is well again. */
  isFixed?: true
}

type Request = {
  url?: string | undefined
  method?: string | undefined
  headers: Record<string, string | string[] | undefined>
}

const isAbout = ({ url = '', method }: Request, wanted: string, path: RegExp): boolean =>
  method === wanted && path.test(url.split('?')[0] ?? '')
/** Whether it asks for a setting of a bucket. */
const asks = ({ url = '' }: Request, setting: string): boolean => new RegExp(`\\?${setting}\\b`).test(url)
const s3Error = (status: number, code: string, message = code) => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
})
const isSigned = ({ headers, url = '' }: Request): boolean =>
  headers.authorization !== undefined || url.includes('X-Amz-Signature')

/** A store that answers some request otherwise. */
const answering = (wanted: string, path: RegExp, answer: { status: number; body?: string }): ProxyChanges => ({
  answer: (real, incoming) => (isAbout(incoming, wanted, path) ? { ...real, ...answer } : real),
})
const withoutHeader = (header: string, path = /./): ProxyChanges => ({
  answer: (real, { url = '' }) =>
    path.test(url)
      ? { ...real, headers: Object.fromEntries(Object.entries(real.headers).filter(([name]) => name !== header)) }
      : real,
})
const skewed = (minutes: number): ProxyChanges => ({
  answer: real => ({
    ...real,
    headers: { ...real.headers, date: new Date(Date.now() - minutes * 60_000).toUTCString() },
  }),
})

const CONFIGURATION: Fault[] = [
  {
    name: 'a missing variable',
    env: { B2_BUCKET_NAME: '' },
    amiss: ['env.variables'],
    says: /B2_BUCKET_NAME: is missing/,
  },
  {
    name: 'a line end after a secret',
    env: { DARKROOM_SECRET: `${'x'.repeat(32)}\n` },
    amiss: ['env.whitespace'],
    says: /DARKROOM_SECRET/,
  },
  {
    name: 'quotes around a value',
    env: { B2_BUCKET_NAME: '"darkroom-private"' },
    amiss: ['env.whitespace', 'env.variables'],
    says: /B2_BUCKET_NAME/,
  },
  {
    name: 'a misspelt variable',
    env: { B2_BUCKET: 'photos' },
    amiss: ['env.unknown'],
    says: /B2_BUCKET/,
  },
  {
    name: 'the account key in the place of an application key',
    env: { B2_ENDPOINT: '', B2_REGION: 'us-west-004', B2_KEY_ID: '0123456789ab' },
    amiss: ['env.variables'],
    says: /B2_KEY_ID: is the master key/,
  },
  {
    name: 'the key and its id exchanged',
    env: { B2_KEY_ID: 'secret', B2_APPLICATION_KEY: '0014aa7f36e2b4f0000000001' },
    amiss: ['env.swapped', 'key.private-bucket', 'key.public-bucket'],
    says: /Exchange|seem to be/,
  },
  {
    name: 'a region that is not that of the endpoint',
    env: { B2_ENDPOINT: 'https://s3.us-west-004.backblazeb2.com', B2_REGION: 'eu-central-003' },
    amiss: ['env.variables'],
    says: /disagrees with B2_ENDPOINT/,
  },
  {
    name: 'the native endpoint of B2 in the place of that of S3',
    env: { B2_ENDPOINT: 'https://f004.backblazeb2.com', B2_REGION: '' },
    amiss: ['env.variables'],
    says: /expected the S3 endpoint of B2/,
  },
]

const CONNECTION: Fault[] = [
  {
    name: 'the endpoint of AWS with a key of B2',
    env: {
      B2_ENDPOINT: 'https://s3.us-east-1.amazonaws.com',
      B2_REGION: 'us-east-1',
      B2_KEY_ID: '0014aa7f36e2b4f0000000001',
    },
    amiss: ['store.address'],
    says: /is of AWS, and the key is of Backblaze B2/,
  },
  {
    name: 'an endpoint of AWS in another region',
    env: { B2_ENDPOINT: 'https://s3.eu-west-1.amazonaws.com', B2_REGION: 'us-east-1' },
    amiss: ['store.address'],
    says: /in eu-west-1, and the region is us-east-1/,
  },
  {
    name: 'nothing that listens',
    env: { B2_ENDPOINT: 'http://127.0.0.1:2' },
    amiss: ['store.answers'],
    says: /refused/,
  },
  {
    name: 'a host that does not exist',
    env: { B2_ENDPOINT: 'http://store.invalid' },
    amiss: ['store.answers'],
    says: /host name is not known/,
  },
  {
    name: 'a web page',
    changes: { instead: () => ({ headers: { 'content-type': 'text/html' }, body: '<html>' }) },
    amiss: ['store.answers'],
    says: /with a web page/,
  },
  {
    name: 'a redirect to another region',
    changes: { instead: () => ({ status: 307, headers: { location: 'https://s3.elsewhere.example' } }) },
    amiss: ['store.answers'],
    says: /redirects to https:\/\/s3.elsewhere/,
  },
  {
    name: 'the bucket in the host of the endpoint',
    env: { B2_ENDPOINT: '{bucket-host}' },
    amiss: ['store.path-style'],
    says: /begins with darkroom-private/,
  },
  { name: 'a clock that is 20 minutes ahead', changes: skewed(20), amiss: ['store.clock'], says: /1[12]\d\d s ahead/ },
  { name: 'a clock that is 5 minutes behind', changes: skewed(-5), amiss: ['store.clock'], says: /(29|30)\d s behind/ },
]

const BOTH_KEYS = ['key.private-bucket', 'key.public-bucket']

const KEYS: Fault[] = [
  {
    name: 'a wrong secret',
    env: { B2_APPLICATION_KEY: 'wrong' },
    amiss: BOTH_KEYS,
    says: /the secret is not that of the key/,
  },
  { name: 'an unknown key', env: { B2_KEY_ID: 'nobody' }, amiss: BOTH_KEYS, says: /does not know the key/ },
  {
    name: 'an expired key',
    changes: { answer: (real, incoming) => (isSigned(incoming) ? { ...real, ...s3Error(403, 'ExpiredToken') } : real) },
    amiss: BOTH_KEYS,
    says: /has expired/,
  },
  {
    name: 'another region',
    env: { B2_REGION: 'us-east-1' },
    amiss: BOTH_KEYS,
    says: /the region is not that of the store/,
  },
  {
    name: 'a bucket that does not exist',
    env: { B2_BUCKET_NAME: 'darkroom-nowhere' },
    amiss: ['key.private-bucket'],
    says: /the bucket does not exist/,
  },
  {
    name: 'a cap that is reached',
    arrange: ({ b2 }) => b2.faults.set({ kind: 'cap-exceeded' }),
    amiss: BOTH_KEYS,
    says: /a cap of the account is reached/,
  },
  {
    name: 'a key for the private bucket only',
    env: envOfKey('privateOnly'),
    amiss: ['key.public-bucket', 'key.write', 'key.list'],
    says: /the key may not use the bucket/,
  },
  { name: 'a key that may not write', env: envOfKey('reader'), amiss: ['key.write'], says: /writeFiles is refused/ },
  {
    name: 'a key that may not list',
    env: envOfKey('noList'),
    amiss: ['key.list', 'doctor.cleanup'],
    says: /listFiles is refused/,
  },
  {
    name: 'a key that may not delete',
    env: envOfKey('noDelete'),
    amiss: ['key.delete', 'doctor.cleanup'],
    says: /deleteFiles/,
  },
  {
    name: 'a key that sees the buckets of others',
    arrange: ({ makeBucket }) => makeBucket('somebody-elses'),
    amiss: ['key.excess'],
    says: /sees 1 other bucket/,
  },
]

/** What only B2's own API tells. */
const NATIVE_KEYS: Fault[] = [
  {
    name: 'a key that lacks a capability',
    native: nativeAnswers({ capabilities: ['listFiles', 'readFiles', 'writeFiles'] }),
    amiss: ['key.capabilities'],
    says: /lacks deleteFiles/,
  },
  {
    name: 'a key for another bucket',
    native: nativeAnswers({ buckets: [{ id: 'b', name: 'elsewhere' }] }),
    amiss: ['key.capabilities'],
    says: /is for elsewhere/,
  },
  {
    name: 'a key that is limited to a prefix',
    native: nativeAnswers({ namePrefix: 'photos/' }),
    amiss: ['key.capabilities'],
    says: /names that begin with "photos\/"/,
  },
  {
    name: 'a key that may make keys',
    native: nativeAnswers({ extra: ['writeKeys'] }),
    amiss: ['key.excess'],
    says: /has writeKeys/,
  },
  {
    name: 'a key that expires tomorrow',
    native: nativeAnswers({ expiresAt: Date.now() + 86_400_000 }),
    amiss: ['key.expiry'],
    says: /expires on \d{4}-/,
  },
  {
    name: 'an account in another region',
    native: nativeAnswers({ s3ApiUrl: 'https://s3.eu-central-003.backblazeb2.com' }),
    amiss: ['key.region'],
    says: /the account is at https:\/\/s3.eu-central-003/,
  },
  {
    name: 'buckets of B2 that are not encrypted',
    native: nativeAnswers({ isEncrypted: false }),
    amiss: ['bucket.encryption'],
    says: /darkroom-private: it is off/,
  },
  {
    name: 'no rule for events',
    env: { B2_EVENT_SECRET: 'a'.repeat(32) },
    native: nativeAnswers({ rules: [] }),
    amiss: ['bucket.events'],
    says: /no rule for created objects/,
  },
  {
    name: 'a suspended rule for events',
    env: { B2_EVENT_SECRET: 'a'.repeat(32) },
    native: nativeAnswers({ rules: [{ isSuspended: true, suspensionReason: 'no answer' }] }),
    amiss: ['bucket.events'],
    says: /is suspended: no answer/,
  },
  {
    name: 'a rule for events of the whole bucket',
    env: { B2_EVENT_SECRET: 'a'.repeat(32) },
    native: nativeAnswers({ rules: [{ objectNamePrefix: '' }] }),
    amiss: ['bucket.events'],
    says: /every copy inside the bucket/,
  },
]

const OBJECTS: Fault[] = [
  {
    name: 'a proxy that changes bodies',
    changes: answering('GET', /\/round-trip$/, { status: 200, body: 'something else' }),
    amiss: ['object.round-trip'],
    says: /other bytes/,
  },
  {
    name: 'an object that is not there at once',
    changes: answering('HEAD', /\/round-trip$/, { status: 404 }),
    amiss: ['object.round-trip'],
    says: /does not find what was just put/,
  },
  {
    name: 'a store without versions',
    changes: withoutHeader('x-amz-version-id', /\/versions(\?|$)/),
    amiss: ['object.versions'],
    says: /no version ids/,
  },
  {
    name: 'a store that does not check the hash of the body',
    changes: answering('PUT', /\/payload-hash$/, { status: 200, body: '' }),
    amiss: ['object.payload-hash'],
    says: /it was taken/,
  },
  {
    name: 'ranges that are ignored',
    changes: answering('GET', /\/range$/, { status: 200, body: '0123456789' }),
    amiss: ['object.range'],
    says: /10 bytes came instead of 3/,
  },
  {
    name: 'conditions that are ignored',
    changes: answering('GET', /\/if-match$/, { status: 200, body: 'bytes' }),
    amiss: ['object.if-match'],
    says: /it was answered/,
  },
  {
    name: 'copies of another version',
    changes: answering('GET', /\/copy$/, { status: 200, body: 'second' }),
    amiss: ['object.copy-version'],
    says: /the newest version was copied/,
  },
  {
    name: 'a hidden object that is still there',
    changes: {
      answer: (real, incoming) =>
        isAbout(incoming, 'HEAD', /\/hide$/) ? { ...real, status: 200, headers: { 'content-length': '5' } } : real,
    },
    amiss: ['object.hide'],
    says: /still there/,
  },
  {
    name: 'parts whose ETag is lost on the way',
    changes: withoutHeader('etag', /\/multipart\?.*partNumber=/),
    amiss: ['object.multipart'],
    says: /no ETag/,
  },
  {
    name: 'a store without ListParts',
    changes: {
      instead: incoming =>
        isAbout(incoming, 'GET', /\/multipart$/) && incoming.url?.includes('uploadId')
          ? s3Error(405, 'MethodNotAllowed')
          : undefined,
    },
    amiss: ['object.multipart'],
    says: /lacks a call of S3 that B2 has \(405 MethodNotAllowed\)/,
  },
  {
    name: 'an absent object that is refused',
    changes: answering('HEAD', /\/absent$/, { status: 403 }),
    amiss: ['object.absent'],
    says: /403/,
  },
  {
    name: 'ACLs of single objects',
    changes: {
      instead: incoming => {
        if (isAbout(incoming, 'PUT', /\/acl$/)) return { status: 200 }
        return isAbout(incoming, 'GET', /\/acl$/) && !isSigned(incoming) ? { status: 200, body: 'private' } : undefined
      },
    },
    amiss: ['object.acl'],
    says: /can be read by anybody/,
  },
]

const SIGNED_URLS: Fault[] = [
  {
    name: 'an address for browsers that is not the store',
    env: { B2_PUBLIC_ENDPOINT: '{other-host}' },
    changes: {
      ask: headers => (headers.host?.startsWith('localhost:') ? { ...headers, host: 'store.internal' } : headers),
    },
    amiss: ['url.put', 'url.response-headers', 'cors.etag'],
    says: /it answers 403/,
  },
  {
    name: 'a proxy that sends every upload as an image',
    changes: {
      ask: (headers, incoming) =>
        isAbout(incoming, 'PUT', /\/url-type$/) ? { ...headers, 'content-type': 'image/png' } : headers,
    },
    amiss: ['url.content-type'],
    says: /200 instead of 403/,
  },
  {
    name: 'uploads of any length',
    changes: answering('PUT', /\/url-length$/, { status: 200, body: '' }),
    amiss: ['url.content-length'],
    says: /200 instead of 403/,
  },
  {
    name: 'a signature for any key',
    changes: answering('PUT', /\/url-key-2$/, { status: 200, body: '' }),
    amiss: ['url.other-key'],
    says: /200 instead of 403/,
  },
  {
    name: 'downloads without a file name',
    changes: withoutHeader('content-disposition', /\/url-get\?/),
    amiss: ['url.response-headers'],
    says: /the disposition is null/,
  },
]

const BUCKETS: Fault[] = [
  {
    name: 'a bucket of originals that anybody can read',
    arrange: ({ setAccess }) => setAccess(PRIVATE, 'public-read'),
    amiss: ['bucket.private'],
    says: /anybody can read darkroom-private/,
  },
  {
    name: 'a public bucket that is private',
    arrange: ({ setAccess }) => setAccess(PUBLIC, 'private'),
    amiss: ['bucket.public'],
    says: /darkroom-public refuses: 403/,
  },
  {
    name: 'versioning that is suspended',
    changes: {
      instead: incoming =>
        asks(incoming, 'versioning')
          ? { body: '<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>' }
          : undefined,
    },
    amiss: ['bucket.versioning'],
    says: /it is suspended/,
  },
]

const CORS: Fault[] = [
  {
    name: 'no CORS rule',
    arrange: ({ setCors }) => setCors([]),
    amiss: ['cors.upload', 'cors.download', 'cors.etag'],
    says: /the preflight of PUT is refused/,
    isFixed: true,
  },
  {
    name: 'a CORS rule for another page',
    arrange: ({ setCors }) => setCors([{ origins: ['https://other.example.com'], methods: ['GET', 'PUT'] }]),
    amiss: ['cors.upload', 'cors.download', 'cors.etag'],
    says: /https:\/\/app.example.com: the preflight of PUT is refused/,
    isFixed: true,
  },
  {
    name: 'a CORS rule without PUT',
    arrange: ({ setCors }) => setCors([{ origins: ['*'], methods: ['GET'] }]),
    amiss: ['cors.upload', 'cors.etag'],
    says: /the preflight of PUT is refused/,
    isFixed: true,
  },
  {
    name: 'a CORS rule that hides the ETag',
    arrange: ({ setCors }) => setCors([{ origins: ['*'], methods: ['GET', 'PUT'], exposed: [] }]),
    amiss: ['cors.etag'],
    says: /it is not exposed/,
    isFixed: true,
  },
  {
    name: 'a page of which nobody thought',
    options: { origins: ['https://new.example.com'] },
    amiss: ['cors.upload', 'cors.download', 'cors.etag'],
    says: /https:\/\/new.example.com/,
    isFixed: true,
  },
]

const LIFECYCLE: Fault[] = [
  {
    name: 'no lifecycle rules',
    arrange: async ({ setRules }) => {
      await setRules(PRIVATE, [])
      await setRules(PUBLIC, [])
    },
    amiss: ['lifecycle.uploads', 'lifecycle.hidden', 'lifecycle.parts'],
    says: /no rule hides old uploads/,
    isFixed: true,
  },
  {
    name: 'no rules in the public bucket',
    arrange: ({ setRules }) => setRules(PUBLIC, []),
    amiss: ['lifecycle.hidden', 'lifecycle.parts'],
    says: /darkroom-public: variants\/ are kept for ever/,
    isFixed: true,
  },
  {
    name: 'no rule for unfinished uploads of originals',
    arrange: ({ setRules }) =>
      setRules(PRIVATE, [
        { Filter: { Prefix: 'uploads/' }, Expiration: { Days: 30 } },
        { Filter: { Prefix: '' }, NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
        { Filter: { Prefix: 'uploads/' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
        { Filter: { Prefix: 'variants/' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
      ]),
    amiss: ['lifecycle.parts'],
    says: /darkroom-private: originals\/ keep their unfinished parts/,
    isFixed: true,
  },
  {
    name: 'a rule that deletes originals',
    arrange: ({ addRule }) => addRule(PRIVATE, { Filter: { Prefix: '' }, Expiration: { Days: 90 } }),
    amiss: ['lifecycle.keeps-originals'],
    says: /a rule for "" ends files after 90 days/,
  },
  {
    name: 'a rule that deletes originals, while the key of the public bucket may not read rules',
    env: { ...envOfKey('privateSetup'), B2_PUBLIC_KEY_ID: 'worker', B2_PUBLIC_APPLICATION_KEY: 'secret' },
    arrange: ({ addRule }) => addRule(PRIVATE, { Filter: { Prefix: '' }, Expiration: { Days: 90 } }),
    amiss: ['lifecycle.keeps-originals'],
    says: /a rule for "" ends files after 90 days/,
  },
  {
    name: 'a rule that deletes variants',
    arrange: ({ addRule }) => addRule(PUBLIC, { Filter: { Prefix: 'variants/' }, Expiration: { Days: 7 } }),
    amiss: ['lifecycle.keeps-originals'],
    says: /a rule for "variants\/" ends files after 7 days/,
  },
  {
    name: 'uploads that end after a day',
    arrange: ({ addRule }) => addRule(PRIVATE, { Filter: { Prefix: 'uploads/' }, Expiration: { Days: 1 } }),
    amiss: ['lifecycle.keeps-uploads'],
    says: /uploads end after 1 days/,
  },
  {
    name: 'hidden uploads that are kept for ever',
    arrange: ({ setRules }) =>
      setRules(PRIVATE, [
        { Filter: { Prefix: 'uploads/' }, Expiration: { Days: 30 } },
        { Filter: { Prefix: '' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
      ]),
    amiss: ['lifecycle.hidden'],
    says: /uploads\/, originals\/, variants\/ are kept for ever/,
    isFixed: true,
  },
]

const isOfCdn = ({ url = '' }: Request): boolean => url.startsWith('/cdn/')

const DELIVERY: Fault[] = [
  {
    name: 'a CDN of another site',
    env: { CDN_BASE_URL: '{proxy}/cdn' },
    changes: { instead: incoming => (isOfCdn(incoming) ? { body: 'Welcome' } : undefined) },
    amiss: ['cdn.serves'],
    says: /other bytes/,
  },
  {
    name: 'a CDN base without the bucket',
    env: { CDN_BASE_URL: '{proxy}' },
    amiss: ['cdn.serves'],
    says: /it answers 40\d/,
  },
  {
    name: 'a CDN with a cache time of its own',
    changes: {
      answer: (real, incoming) =>
        isSigned(incoming) ? real : { ...real, headers: { ...real.headers, 'cache-control': 'max-age=14400' } },
    },
    amiss: ['cdn.cache'],
    says: /Cache-Control is max-age=14400/,
  },
  {
    name: 'a CDN that changes types',
    changes: {
      answer: (real, incoming) =>
        isSigned(incoming)
          ? real
          : { ...real, headers: { ...real.headers, 'content-type': 'application/octet-stream' } },
    },
    amiss: ['cdn.type'],
    says: /application\/octet-stream instead of text\/plain/,
  },
  {
    name: 'a CDN that serves originals',
    changes: {
      instead: ({ url = '' }) =>
        url.startsWith(`/${PUBLIC}/`) && url.endsWith('/cdn-private') ? { body: 'Seen through the CDN' } : undefined,
    },
    amiss: ['cdn.private'],
    says: /it serves darkroom-private/,
  },
]

const DATABASE: Fault[] = [
  {
    name: 'a Postgres that does not run',
    env: { DATABASE_URL: 'postgres://app@127.0.0.1:2/darkroom' },
    amiss: ['database.answers'],
    says: /nothing listens there/,
  },
  {
    name: 'a database that does not exist',
    env: { DATABASE_URL: '{missing}' },
    amiss: ['database.answers'],
    says: /the database does not exist \(3D000\)/,
  },
  {
    name: 'migrations that have not run',
    env: { DATABASE_URL: '{empty}' },
    amiss: ['database.schema'],
    says: /npx darkroom migrate/,
  },
  {
    name: 'a database that can only be read',
    env: { DATABASE_URL: '{read-only}' },
    amiss: ['database.primary'],
    says: /it can only be read/,
  },
  {
    name: 'a pooler in transaction mode',
    env: { DATABASE_URL: '{deaf}' },
    amiss: ['database.listen'],
    says: /not heard within 5 s.*PgBouncer/,
  },
]

const MACHINE: Fault[] = [
  {
    name: 'a folder for temporary files that is a file',
    env: { WORKER_TEMP_DIR: '/dev/null/temp' },
    amiss: ['machine.temp'],
    says: /ENOTDIR/,
  },
  {
    name: 'less room than the largest upload takes',
    env: { MAX_UPLOAD_BYTES: '10000000000000' },
    amiss: ['machine.temp-space'],
    says: /uploads of up to 10000.0 GB/,
  },
  { name: 'no ffmpeg', env: { PATH: '/nowhere' }, amiss: ['machine.ffmpeg'], says: /apt-get install ffmpeg/ },
  {
    name: 'a sandbox that is switched off',
    env: { WORKER_SANDBOX: 'off' },
    amiss: ['machine.sandbox'],
    says: /switched off/,
  },
]

export const FAULTS: Readonly<Record<string, Fault[]>> = {
  configuration: CONFIGURATION,
  connection: CONNECTION,
  'application keys': KEYS,
  'what the native API tells': NATIVE_KEYS,
  objects: OBJECTS,
  'signed URLs': SIGNED_URLS,
  buckets: BUCKETS,
  CORS,
  'lifecycle rules': LIFECYCLE,
  delivery: DELIVERY,
  'the database': DATABASE,
  'this machine': MACHINE,
}
