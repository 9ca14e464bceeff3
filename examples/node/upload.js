// Uploads files, waits until they are ready, and prints the URLs of their variants.
import { createDarkroom, DarkroomError } from '@darkroom/sdk/node'

const darkroom = createDarkroom({
  url: process.env.DARKROOM_URL ?? 'http://127.0.0.1:3000',
  key: process.env.DARKROOM_KEY ?? 'dk_local_development',
})

const files = process.argv.slice(2)
if (files.length === 0) {
  console.error('Usage: node upload.js <file>…')
  process.exitCode = 2
}

for (const file of files) {
  try {
    const { waitUntilReady } = await darkroom.upload(file)
    const { variants } = await waitUntilReady()
    for (const { name, url } of variants) if (url) console.log(`${file} ${name} ${url}`)
  } catch (error) {
    if (!(error instanceof DarkroomError)) throw error
    console.error(`${file}: ${error.code}. ${error.advice}`)
    process.exitCode = 1
  }
}
