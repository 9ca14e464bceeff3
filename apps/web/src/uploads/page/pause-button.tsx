import { useServices } from '../../hooks/use-services.ts'
import { Button } from '../../ui/button.tsx'
import { PauseIcon, PlayIcon } from '../../ui/icons.tsx'
import type { UploadItem } from '../upload-item.ts'

/** Holds an upload, or lets it go on from where it was; nothing once every byte is there. */
export function PauseButton({ item: { id, name, phase } }: { item: UploadItem }) {
  const { engine } = useServices()
  if (phase === 'paused') {
    return (
      <Button
        look="icon"
        data-testid="resume-upload"
        aria-label={`Resume ${name}`}
        title="Resume"
        onClick={() => void engine.resume(id)}
      >
        <PlayIcon />
      </Button>
    )
  }
  if (phase !== 'waiting' && phase !== 'sending') return null
  return (
    <Button
      look="icon"
      data-testid="pause-upload"
      aria-label={`Pause ${name}`}
      title="Pause"
      onClick={() => engine.pause(id)}
    >
      <PauseIcon />
    </Button>
  )
}
