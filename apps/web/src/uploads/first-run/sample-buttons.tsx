import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { loadSample, SAMPLES, type Sample } from './samples.ts'

interface SampleButtonsProps {
  onSample: (sample: Sample, file: File) => void
}

/** Offers files of our own to whoever has none at hand. */
export function SampleButtons({ onSample }: SampleButtonsProps) {
  const [fault, setFault] = useState<string | null>(null)

  async function take(sample: Sample): Promise<void> {
    setFault(null)
    try {
      onSample(sample, await loadSample(sample))
    } catch {
      setFault('The sample could not be loaded. Check the connection and try again.')
    }
  }
  return (
    <div className="mt-6 flex flex-wrap items-center justify-center gap-2 text-sm">
      <span className="text-muted">No file at hand? Try</span>
      {SAMPLES.map(sample => (
        <Button
          key={sample.name}
          look="quiet"
          data-testid="sample"
          onClick={() => void take(sample)}
          className="border border-line bg-surface"
        >
          {sample.label}
        </Button>
      ))}
      {fault && (
        <p role="alert" className="w-full text-center text-bad">
          {fault}
        </p>
      )}
    </div>
  )
}
