import type { Page } from 'playwright-core'
import { serveScript } from './sdk-page.ts'

/** A page that lets one crop a file, as a platform would write it; `?aspect` fixes the proportions. */
const SCRIPT = `
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { CropDialog } from '@darkroom/sdk/react/crop'

const { aspect, maxSide } = Object.fromEntries(new URLSearchParams(location.search))
const base64 = file => new Promise(resolve => {
  const reader = new FileReader()
  reader.onload = () => resolve(reader.result.split(',')[1])
  reader.readAsDataURL(file)
})

function App() {
  const [file, setFile] = useState(null)
  const [text, setText] = useState('')
  const onCrop = async ({ area, rotation, toFile }) => {
    const made = await toFile()
    window.cropped = { area, rotation, name: made.name, type: made.type, base64: await base64(made) }
    setFile(null)
    setText('cropped')
  }
  return <>
    <h1>Avatar</h1>
    <label>Image <input type="file" onChange={event => setFile(event.target.files[0])} /></label>
    <output>{text}</output>
    {file && <CropDialog
      image={file}
      {...(aspect && { aspect: Number(aspect) })}
      {...(maxSide && { maxSide: Number(maxSide) })}
      onCrop={onCrop}
      onCancel={() => { setFile(null); setText('cancelled') }}
    />}
  </>
}
createRoot(document.querySelector('main')).render(<StrictMode><App /></StrictMode>)
`

export const serveCropPage = () =>
  serveScript({
    body: '<html lang="en"><style>:root { color-scheme: light dark }</style><main></main>',
    contents: SCRIPT,
    loader: 'tsx',
  })

export interface CroppedFile {
  area: { left: number; top: number; width: number; height: number }
  rotation: number
  name: string
  type: string
  bytes: Buffer
}

/** Waits for the file that was cropped. */
export async function croppedFile(page: Page): Promise<CroppedFile> {
  await page.getByText('cropped').waitFor()
  const { base64, ...cropped } = await page.evaluate<Omit<CroppedFile, 'bytes'> & { base64: string }>('window.cropped')
  return { ...cropped, bytes: Buffer.from(base64, 'base64') }
}
