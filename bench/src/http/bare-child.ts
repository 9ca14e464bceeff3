// What the API is measured against: Fastify with one route that returns a constant, and one that signs a URL and inserts a row.
import { randomUUID } from 'node:crypto'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { fastify } from 'fastify'
import postgres from 'postgres'
import { answerParent } from '../measure/forked.ts'

const [databaseUrl = '', endpoint = ''] = process.argv.slice(2)
const sql = postgres(databaseUrl, { max: 10, onnotice: () => undefined })
await sql`CREATE TABLE IF NOT EXISTS bare_uploads (id uuid PRIMARY KEY, key text NOT NULL, created_at timestamptz DEFAULT now())`
const store = new S3Client({
  endpoint,
  region: 'local-000',
  forcePathStyle: true,
  credentials: { accessKeyId: 'localkey', secretAccessKey: 'localsecret' },
})

const app = fastify()
app.get('/constant', async () => ({ status: 'ready' }))
app.post('/sign', async (_request, reply) => {
  const id = randomUUID()
  const key = `uploads/${id}`
  const put = new PutObjectCommand({ Bucket: 'darkroom', Key: key, ContentType: 'image/jpeg', ContentLength: 1000 })
  const signableHeaders = new Set(['content-type', 'content-length'])
  const [url] = await Promise.all([
    getSignedUrl(store, put, { expiresIn: 900, signableHeaders }),
    sql`INSERT INTO bare_uploads (id, key) VALUES (${id}, ${key})`,
  ])
  return reply.code(201).send({ id, url })
})
const url = await app.listen({ host: '127.0.0.1', port: 0 })
answerParent({ url }, () => app.close())
