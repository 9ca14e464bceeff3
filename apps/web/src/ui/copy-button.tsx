import { useEffect, useState } from 'react'
import { copyText } from '../copy-text.ts'
import { Button } from './button.tsx'
import { CheckIcon, CopyIcon } from './icons.tsx'

const FEEDBACK_MS = 1800

interface CopyButtonProps {
  text: string
  label: string
  /** Goes on where the label ends, for screen readers: `of thumb`. Who says aloud what is to be seen still reaches it. */
  detail?: string
  testId?: string
}

type Outcome = 'copied' | 'failed' | null

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label, detail, testId }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<Outcome>(null)

  useEffect(() => {
    if (!outcome) return
    const timer = setTimeout(() => setOutcome(null), FEEDBACK_MS)
    return () => clearTimeout(timer)
  }, [outcome])

  const onClick = async () => setOutcome((await copyText(text)) ? 'copied' : 'failed')
  const shown = { copied: 'Copied', failed: 'Not copied' }
  return (
    <Button
      look="quiet"
      onClick={onClick}
      data-testid={testId}
      data-copied={outcome === 'copied' || undefined}
      aria-label={outcome ? shown[outcome] : [label, detail].filter(Boolean).join(' ')}
      className={outcome === 'copied' ? 'text-good' : ''}
    >
      <span className="max-sm:hidden">{outcome === 'copied' ? <CheckIcon /> : <CopyIcon />}</span>
      {/* As wide as the longer text, so that nothing moves. */}
      <span className="grid text-left" aria-live="polite">
        <span className="invisible col-start-1 row-start-1" aria-hidden="true">
          {label.length > 7 ? label : 'Copied'}
        </span>
        <span className="col-start-1 row-start-1">{outcome ? shown[outcome] : label}</span>
      </span>
    </Button>
  )
}
