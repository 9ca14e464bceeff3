import type { Asset } from '@darkroom/contracts'
import { useState } from 'react'
import { variantsJson } from '../../assets/snippets.ts'
import { needsView } from '../../assets/with-view.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Section } from '../../ui/section.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { useShownManifest } from '../use-shown-manifest.ts'
import { type CodeSnippet, codeSnippets } from './snippets.ts'

/** Shows the code that shows the asset elsewhere, to read and to copy. */
export function SnippetSection({ asset }: { asset: Asset }) {
  const manifest = useShownManifest(asset)
  const isPrivate = needsView(asset)
  const snippets = manifest && !isPrivate ? codeSnippets(asset, manifest) : []
  const json = { id: 'json', label: 'JSON', code: variantsJson(asset) }
  const all = [...snippets, json]
  const [chosen, setChosen] = useState<string | null>(null)
  const value = all.find(({ id }) => id === chosen)?.id ?? all[0]?.id ?? json.id
  return (
    <Section title="Code" testId="snippets">
      {isPrivate && (
        <p className="mb-2 text-sm text-muted text-pretty" data-testid="private-note">
          These files are private: their URLs need your API key. To show them on your page, create a view or a share
          link.
        </p>
      )}
      <Tabs
        label="Kind of code"
        value={value}
        onChange={setChosen}
        tabs={all.map(snippet => ({
          value: snippet.id,
          label: snippet.label,
          testId: `snippet-${snippet.id}`,
          panel: <Code snippet={snippet} />,
        }))}
      />
    </Section>
  )
}

const Code = ({ snippet: { label, code } }: { snippet: CodeSnippet }) => (
  <div className="rounded-2xl border border-line bg-surface shadow-card">
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard. */}
    <pre tabIndex={0} data-testid="snippet" className="max-h-72 overflow-auto p-4 font-mono text-xs leading-relaxed">
      <code>{code}</code>
    </pre>
    <div className="border-t border-line px-1">
      <CopyButton text={code} label="Copy" detail={label} testId="copy-snippet" />
    </div>
  </div>
)
