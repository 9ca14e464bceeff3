import { Button } from '../../ui/button.tsx'

interface NewsButtonProps {
  /** What the list does not show yet; null when it shows everything. */
  text: string | null
  onShow: () => void
}

/** Shows quietly that there is more, over the list: it takes no room, so nothing moves when it comes. */
export const NewsButton = ({ text, onShow }: NewsButtonProps) => (
  <div data-keeps-focus className="pointer-events-none sticky top-3 z-20 flex h-0 justify-center">
    <p role="status" tabIndex={-1} data-focus-home className="sr-only">
      {text && `${text} in this list`}
    </p>
    {text && (
      <Button
        look="secondary"
        data-testid="show-news"
        className="pointer-events-auto self-start bg-surface shadow-card"
        onClick={onShow}
      >
        {text}
      </Button>
    )}
  </div>
)
