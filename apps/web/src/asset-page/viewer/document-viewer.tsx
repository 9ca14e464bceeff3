import type { Asset } from '@darkroom/contracts'
import { useState } from 'react'
import { displayVariantsOf } from '../../assets/display-variants.ts'
import { useShownAsset } from '../../hooks/use-shown-asset.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { PageIcon } from '../../ui/icons.tsx'
import { useShownManifest } from '../use-shown-manifest.ts'
import { ImageViewer } from './image-viewer.tsx'
import { ZoomFrame } from './zoom-frame.tsx'

/** Shows the pages of a document one by one, and leads to its text. */
export function DocumentViewer({ asset }: { asset: Asset }) {
  const manifest = useShownManifest(asset)
  const { text } = displayVariantsOf(useShownAsset(asset))
  const [at, setAt] = useState(0)
  const pages = manifest?.pages ?? []
  const page = pages[at]
  if (!page) return <ImageViewer asset={asset} variantName={null} />
  const { width, height, url } = page
  const count = asset.pageCount ?? pages.length
  const isCut = count > pages.length
  const controls = (
    <div className="flex flex-wrap items-center gap-1">
      <Button look="icon" aria-label="Previous page" disabled={at === 0} onClick={() => setAt(at - 1)}>
        <span aria-hidden="true">←</span>
      </Button>
      <span className="text-sm text-muted" aria-live="polite" data-testid="page-number">
        Page {at + 1} of {count}
        {isCut && ` (${pages.length} shown)`}
      </span>
      <Button
        look="icon"
        aria-label="Next page"
        data-testid="next-page"
        disabled={at === pages.length - 1}
        onClick={() => setAt(at + 1)}
      >
        <span aria-hidden="true">→</span>
      </Button>
      {text && (
        <a href={text.url} target="_blank" rel="noreferrer" className={buttonClass('quiet')}>
          <PageIcon />
          Read the text
        </a>
      )}
    </div>
  )
  return (
    <ZoomFrame
      key={page.variant}
      label={`Page ${at + 1} of ${asset.filename}`}
      image={{ width: width ?? 1, height: height ?? 1 }}
      controls={controls}
    >
      <img
        src={url}
        alt={`Page ${at + 1}`}
        draggable={false}
        data-testid="document-page"
        className="absolute inset-0 size-full object-contain"
      />
    </ZoomFrame>
  )
}
