import { useCallback } from 'react'
import { useServices } from '../../hooks/use-services.ts'
import { useNotice } from '../../ui/notice.tsx'

/** Has the browser save a file, which goes on while the page is used. */
function save(url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.click()
}

/** Returns what downloads the originals of assets as one ZIP file, which the browser saves as it comes. */
export function useDownload() {
  const { clients } = useServices()
  const { say, fail } = useNotice()
  return useCallback(
    async (ids: readonly string[]): Promise<void> => {
      try {
        const name = `darkroom-${new Date().toISOString().slice(0, 10)}`
        const { url, files, missing } = await clients().patient.assets.archive({ ids: [...ids], name })
        if (files === 0) return say('None of these assets has an original to download.')
        save(url)
        const left = missing.length > 0 ? ` ${missing.length} without an original are left out.` : ''
        say(`Downloading ${files === 1 ? '1 file' : `${files} files`} as a ZIP file.${left}`)
      } catch (error) {
        fail(error)
      }
    },
    [clients, say, fail],
  )
}
