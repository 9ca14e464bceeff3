import type { Asset } from '@darkroom/contracts'
import { readyVariants } from '../assets/ready-variants.ts'
import { snippetOf, variantsJson } from '../assets/snippets.ts'
import { CopyButton } from './copy-button.tsx'

/** Everything at once, for whoever builds a page with it. */
export function SnippetButtons({ asset }: { asset: Asset }) {
  if (readyVariants(asset).length === 0) return null
  const snippet = snippetOf(asset)
  return (
    <div className="border-t border-line pt-1">
      <div className="-mx-3 flex flex-wrap">
        {snippet && <CopyButton text={snippet.html} label={`Copy <${snippet.tag}>`} testId="copy-html" />}
        <CopyButton text={variantsJson(asset)} label="Copy all as JSON" testId="copy-json" />
      </div>
    </div>
  )
}
