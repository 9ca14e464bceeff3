import { Select as Base } from '@base-ui/react/select'
import { FLOATING, FLOATING_ITEM } from './floating.ts'
import { CheckIcon, ChevronIcon } from './icons.tsx'

interface SelectProps<T extends string> {
  label: string
  value: T
  /** Value and what is shown for it. */
  choices: Record<T, string>
  /** The name of the field in a form. */
  name?: string
  testId?: string
  onChange: (value: T) => void
}

/** Chooses one of a few, with a label above. */
export const Select = <T extends string>({ label, value, choices, name, testId, onChange }: SelectProps<T>) => (
  <Base.Root
    items={choices}
    value={value}
    {...(name && { name })}
    onValueChange={chosen => chosen !== null && onChange(chosen)}
  >
    <div className="min-w-0">
      <Base.Label className="mb-1 block w-fit text-xs text-muted">{label}</Base.Label>
      <Base.Trigger
        data-testid={testId}
        className="flex min-h-11 w-full min-w-0 items-center justify-between gap-2 rounded-xl border border-edge bg-paper px-3 text-left text-base sm:text-sm"
      >
        <Base.Value className="truncate" />
        <ChevronIcon />
      </Base.Trigger>
    </div>
    <Base.Portal>
      <Base.Positioner sideOffset={6} collisionPadding={8} alignItemWithTrigger={false} className="z-50">
        <Base.Popup className={`${FLOATING} max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto p-1.5`}>
          {(Object.keys(choices) as T[]).map(choice => (
            <Base.Item key={choice} value={choice} className={FLOATING_ITEM}>
              <span className="grid size-5 place-items-center">
                <Base.ItemIndicator>
                  <CheckIcon />
                </Base.ItemIndicator>
              </span>
              <Base.ItemText>{choices[choice]}</Base.ItemText>
            </Base.Item>
          ))}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
)
