import type { Asset } from '@darkroom/contracts'
import { useId } from 'react'
import { Button } from '../../ui/button.tsx'
import { ChevronIcon } from '../../ui/icons.tsx'
import { variantsName } from '../asset-kind.ts'
import { FactList } from './fact-list.tsx'
import { Player } from './player.tsx'
import { SnippetButtons } from './snippet-buttons.tsx'
import { VariantList } from './variant-list.tsx'

interface SizesProps {
  asset: Asset
  isOpen: boolean
  onToggle: () => void
}

/** Lists the variants of a row, to play and to copy. The list can be folded. */
export function Sizes({ asset, isOpen, onToggle }: SizesProps) {
  const id = useId()
  return (
    <div className="mt-3 border-t border-line pt-1">
      <Button look="quiet" aria-expanded={isOpen} aria-controls={id} onClick={onToggle} className="-ml-3">
        <span className={`transition-transform ${isOpen ? '' : '-rotate-90'}`}>
          <ChevronIcon />
        </span>
        {variantsName(asset) === 'size' ? 'Sizes' : 'Files'}
      </Button>
      <div id={id} hidden={!isOpen}>
        {isOpen && (
          <>
            <Player asset={asset} className="mt-1 mb-3" />
            <VariantList asset={asset} />
            <FactList asset={asset} />
            <SnippetButtons asset={asset} />
          </>
        )}
      </div>
    </div>
  )
}
