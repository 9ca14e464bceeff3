import type { Asset, Manifest } from '@darkroom/contracts'

/** Code to paste into a page or an app. */
export interface CodeSnippet {
  id: string
  label: string
  code: string
}

/** Lists the snippets that show the asset, by what was made of it; none of private files, whose URLs expire. */
export function codeSnippets(asset: Asset, manifest: Manifest): CodeSnippet[] {
  const { html, hls, kind } = manifest
  return [
    ...(html ? [{ id: 'html', label: kind === 'image' ? '<picture>' : `<${tagOf(html)}>`, code: html }] : []),
    ...(hls ? [{ id: 'hls', label: 'HLS', code: hlsSnippet(hls.url) }] : []),
    ...(hasImage(manifest) ? [{ id: 'react', label: 'React', code: reactSnippet(asset) }] : []),
  ]
}

const tagOf = (html: string): string => /^<(\w+)/.exec(html)?.[1] ?? 'html'

const hasImage = ({ picture, poster, cover, preview }: Manifest) => (picture ?? poster ?? cover ?? preview) !== null

/** Safari and Chromium play playlists by themselves, others with hls.js. */
const hlsSnippet = (url: string): string => `<video id="player" controls playsinline></video>
<script type="module">
  import Hls from 'https://cdn.jsdelivr.net/npm/hls.js@1/dist/hls.mjs'
  const player = document.getElementById('player')
  const source = ${JSON.stringify(url)}
  if (player.canPlayType('application/vnd.apple.mpegurl')) player.src = source
  else {
    const hls = new Hls()
    hls.loadSource(source)
    hls.attachMedia(player)
  }
</script>`

const reactSnippet = ({
  id,
  width,
  height,
}: Asset): string => `import { DarkroomProvider, Image } from '@darkroom/sdk/react'

<Image asset="${id}"${width && height ? ` width={${width}} height={${height}}` : ''} sizes="100vw" />`
