import { createDarkroom, DarkroomError } from '@darkroom/sdk'

const darkroom = createDarkroom({
  url: process.env.DARKROOM_URL ?? 'http://127.0.0.1:3000',
  key: process.env.DARKROOM_KEY ?? 'dk_local_development',
})

/** Creates an upload for the browser, which gets a token for this asset alone. */
export async function POST(request: Request): Promise<Response> {
  // Your own check of who may upload belongs here. What a browser may decide is named; everything else is ours.
  const { filename, contentType, byteSize, multipart, partSize, sha256 } = await request.json()
  const body = { filename, contentType, byteSize, multipart, partSize, sha256, folder: 'nextjs' }
  const idempotencyKey = request.headers.get('idempotency-key') ?? undefined
  try {
    return Response.json(await darkroom.uploads.create(body, { idempotencyKey }), { status: 201 })
  } catch (error) {
    if (!(error instanceof DarkroomError)) throw error
    const { code, message, status } = error
    return Response.json({ code, message }, { status: status ?? 502 })
  }
}
