import type { Asset } from '@darkroom/contracts'
import { useId } from 'react'
import { Button } from './button.tsx'
import { ChevronIcon } from './icons.tsx'
import { SnippetButtons } from './snippet-buttons.tsx'
import { VariantList } from './variant-list.tsx'

interface SizesProps {
  asset: Asset
  isOpen: boolean
  onToggle: () => void
}

/** The variants of a row, which fold away. */
export function Sizes({ asset, isOpen, onToggle }: SizesProps) {
  const id = useId()
  return (
    <div className="mt-3 border-t border-line pt-1">
      <Button look="quiet" aria-expanded={isOpen} aria-controls={id} onClick={onToggle} className="-ml-3">
        <span className={`transition-transform ${isOpen ? '' : '-rotate-90'}`}>
          <ChevronIcon />
        </span>
        Sizes
      </Button>
      <div id={id} hidden={!isOpen}>
        <VariantList asset={asset} />
        <SnippetButtons asset={asset} />
      </div>
    </div>
  )
}
