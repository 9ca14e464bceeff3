import { CheckIcon } from '../../ui/icons.tsx'

/** Shows whether an asset is selected, and selects it by a click. Who uses a keyboard has a key for that. */
export const CheckMark = ({ isSelected }: { isSelected: boolean }) => (
  <span
    data-check
    data-testid="select-asset"
    aria-hidden="true"
    className={`grid size-6 place-items-center rounded-full border-2 ${isSelected ? 'border-accent bg-accent text-on-accent' : 'border-edge bg-surface/85 text-transparent'}`}
  >
    <CheckIcon />
  </span>
)
