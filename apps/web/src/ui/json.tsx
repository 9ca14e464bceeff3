import { CopyButton } from './copy-button.tsx'

interface JsonProps {
  value: unknown
  /** What it is, for screen readers: `the message`. */
  name: string
  testId: string
}

/** Shows a value as JSON, to read and to copy. */
export function Json({ value, name, testId }: JsonProps) {
  const text = JSON.stringify(value, null, 2)
  return (
    <div className="rounded-xl border border-line bg-paper">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard. */}
      <pre data-testid={testId} tabIndex={0} className="max-h-96 overflow-auto p-4 font-mono text-xs leading-relaxed">
        <code>{text}</code>
      </pre>
      <div className="border-t border-line px-1">
        <CopyButton text={text} label="Copy JSON" detail={`of ${name}`} />
      </div>
    </div>
  )
}
