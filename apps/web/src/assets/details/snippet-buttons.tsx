import type { Asset } from '@darkroom/contracts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { readyVariants } from '../ready-variants.ts'
import { snippetOf, variantsJson } from '../snippets.ts'
import { needsView } from '../with-view.ts'

/** Shows the buttons that copy all variants at once, for developers. */
export function SnippetButtons({ asset }: { asset: Asset }) {
  if (readyVariants(asset).length === 0) return null
  const isPrivate = needsView(asset)
  // A tag sends no key.
  const snippet = isPrivate ? null : snippetOf(asset)
  return (
    <div className="border-t border-line pt-1">
      <div className="-mx-3 flex flex-wrap">
        {snippet && <CopyButton text={snippet.html} label={`Copy <${snippet.tag}>`} testId="copy-html" />}
        <CopyButton text={variantsJson(asset)} label="Copy all as JSON" testId="copy-json" />
      </div>
      {isPrivate && (
        <p className="pb-2 text-sm text-muted text-pretty" data-testid="private-note">
          These files are private: their URLs need your API key. To show them on your page, create a view or a share
          link; see the{' '}
          <a href="/docs" className="underline underline-offset-3">
            API docs
          </a>
          .
        </p>
      )}
    </div>
  )
}
