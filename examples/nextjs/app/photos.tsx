'use client'

import { type CreateOnServer, createDarkroom, DarkroomError } from '@darkroom/sdk'
import { DarkroomProvider, Image, useUpload } from '@darkroom/sdk/react'
import { useState } from 'react'

/** Has our server create the upload, because the key stays there. */
const create: CreateOnServer = async (body, { signal, idempotencyKey }) => {
  const headers = { 'content-type': 'application/json', 'idempotency-key': idempotencyKey }
  const answer = await fetch('/api/uploads', { method: 'POST', headers, body: JSON.stringify(body), signal })
  const json = await answer.json()
  if (!answer.ok) throw new DarkroomError({ code: json.code, message: json.message, status: answer.status })
  return json
}

export function Photos({ url }: { url: string }) {
  const [darkroom] = useState(() => createDarkroom({ url }))
  return (
    <DarkroomProvider client={darkroom}>
      <Uploads />
    </DarkroomProvider>
  )
}

function Uploads() {
  const { uploads, upload } = useUpload({ create })
  return (
    <main>
      <h1>Photos</h1>
      <input type="file" multiple aria-label="Photos" onChange={event => upload([...(event.target.files ?? [])])} />
      {uploads.map(({ key, status, progress, asset, error, pause, resume, cancel, retry }) => (
        <figure key={key}>
          {asset && <Image asset={asset} alt={asset.filename} width={600} height={400} sizes="600px" />}
          <figcaption>
            <progress value={progress} aria-label="Progress" /> <output>{status}</output> {error?.advice}
            {status === 'uploading' && (
              <button type="button" onClick={pause}>
                Pause
              </button>
            )}
            {status === 'uploading' && (
              <button type="button" onClick={cancel}>
                Cancel
              </button>
            )}
            {status === 'paused' && (
              <button type="button" onClick={resume}>
                Go on
              </button>
            )}
            {status === 'failed' && (
              <button type="button" onClick={retry}>
                Try again
              </button>
            )}
          </figcaption>
        </figure>
      ))}
    </main>
  )
}
