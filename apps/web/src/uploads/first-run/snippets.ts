/** What is uploaded in an example. */
export interface ExampleFile {
  name: string
  contentType: string
  byteSize: number
}

interface Place {
  origin: string
  key: string
}

/** The ways of doing the same without this page, by what they are called. */
export const WAYS = { curl: 'curl', sdk: 'SDK', uppy: 'Uppy' } as const

export type Way = keyof typeof WAYS

/** Returns the code that uploads a file in one of the ways. */
export const snippetOf = (way: Way, file: ExampleFile, place: Place): string => WRITERS[way](file, place)

/** Shown, not imported. */
const FOR_UPPY = '@darkroom/uppy/v6'

const WRITERS: Record<Way, (file: ExampleFile, place: Place) => string> = {
  curl: ({ name, contentType, byteSize }, { origin, key }) => `# 1. Ask where to send it
curl ${origin}/v1/uploads \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' \\
  -d '${JSON.stringify({ filename: name, contentType, byteSize })}'

# 2. Send it to upload.url of the answer
curl -X PUT --data-binary @${name} -H 'Content-Type: ${contentType}' "$UPLOAD_URL"

# 3. Confirm, with the id of the answer; the variants follow
curl -X POST ${origin}/v1/uploads/$UPLOAD_ID/confirm -H 'Authorization: Bearer ${key}'`,

  sdk: ({ name }, { origin, key }) => `import { createDarkroom } from '@darkroom/sdk/node'

const darkroom = createDarkroom({ url: '${origin}', key: '${key}' })
const upload = await darkroom.upload('${name}')
const asset = await upload.waitUntilReady()
console.log(asset.variants.map(({ name, url }) => \`\${name} \${url}\`))`,

  uppy: (_, { origin }) => `import { darkroomAwsS3 } from '${FOR_UPPY}'
import AwsS3 from '@uppy/aws-s3'
import Uppy from '@uppy/core'

// createUrl is a route of your server: it adds the key, so that none is in the browser.
const uppy = new Uppy({ autoProceed: true })
uppy.use(AwsS3, darkroomAwsS3(uppy, { api: '${origin}', createUrl: '/uploads' }))`,
}
