import { useId } from 'react'
import { Button } from '../../../ui/button.tsx'
import { FIELD } from '../../../ui/field.ts'
import { type Draft, type Place, typeOf, variantsOf, withField, withoutVariant } from './draft.ts'
import { type Field, TYPES } from './fields.ts'
import { pathOf } from './variant-list.tsx'

interface VariantFormProps {
  draft: Draft
  place: Place
  faults: ReadonlyMap<string, string>
  onChange: (draft: Draft) => void
}

const NAME: Field = { name: 'name', label: 'Name', type: 'text', hint: 'letters, digits, hyphens' }

/** Edits one variant. What is wrong is said at its field, in the words of the service. */
export function VariantForm({ draft, place, faults, onChange }: VariantFormProps) {
  const variant = variantsOf(draft, place.kind)[place.index]
  if (!variant) return <p className="text-sm text-muted">Choose a variant, or add one.</p>
  const types = TYPES[place.kind]
  const type = typeOf(place.kind, variant)
  const fields: Field[] = [NAME, { name: 'type', label: 'Type', type: Object.keys(types) }, ...(types[type] ?? [])]
  const known = new Set(fields.map(({ name }) => name))
  const others = Object.keys(variant).filter(name => !known.has(name))
  const path = pathOf(place)
  const elsewhere = [...faults].filter(([at]) => at.startsWith(path) && !known.has(at.slice(path.length)))
  return (
    <div
      className="grid content-start gap-4 rounded-2xl border border-line bg-surface p-4 shadow-card"
      data-testid="variant-form"
    >
      <div className="grid gap-3 sm:grid-cols-2">
        {fields.map(field => (
          <VariantField
            key={field.name}
            field={field}
            shown={field.name === 'type' ? type : variant[field.name]}
            fault={faults.get(path + field.name)}
            onChange={value => onChange(withField(draft, place, field.name, value))}
          />
        ))}
      </div>
      {elsewhere.map(([at, message]) => (
        <p key={at} className="text-sm text-bad">
          <span className="font-mono text-xs">{at.slice(path.length) || 'variant'}</span>: {message}
        </p>
      ))}
      {others.length > 0 && (
        <p className="text-sm text-muted">
          Also set, to be edited as JSON: <span className="font-mono text-xs">{others.join(', ')}</span>
        </p>
      )}
      <div className="-ml-3">
        <Button look="quiet" data-testid="remove-variant" onClick={() => onChange(withoutVariant(draft, place))}>
          Remove this variant
        </Button>
      </div>
    </div>
  )
}

interface VariantFieldProps {
  field: Field
  shown: unknown
  fault: string | undefined
  onChange: (value: unknown) => void
}

function VariantField({ field: { name, label, type, hint }, shown, fault, onChange }: VariantFieldProps) {
  const id = useId()
  const same = {
    id,
    'data-testid': `field-${name}`,
    'aria-invalid': fault !== undefined || undefined,
    'aria-describedby': fault === undefined ? undefined : `${id}-fault`,
  }
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label} {hint && <span className="font-normal text-muted">{hint}</span>}
      </label>
      {type === 'boolean' ? (
        <input
          {...same}
          type="checkbox"
          checked={shown === true}
          onChange={event => onChange(event.target.checked || undefined)}
          className="size-6 accent-accent"
        />
      ) : typeof type === 'string' ? (
        <input
          {...same}
          type="text"
          inputMode={type === 'number' ? 'decimal' : 'text'}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={shown === undefined ? '' : String(shown)}
          placeholder={name === 'name' ? '' : 'default'}
          onChange={event => onChange(typed(event.target.value, type))}
          className={FIELD}
        />
      ) : (
        <select
          {...same}
          value={typeof shown === 'string' ? shown : ''}
          onChange={event => onChange(event.target.value || undefined)}
          className={FIELD}
        >
          {name !== 'type' && <option value="">default</option>}
          {type.map(choice => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      )}
      {fault !== undefined && (
        <p id={`${id}-fault`} data-testid={`fault-${name}`} className="mt-1 text-sm text-bad">
          {fault}
        </p>
      )}
    </div>
  )
}

/** Returns what was typed: a number where it is one, so that the service says what else is wrong with it. */
function typed(text: string, type: 'text' | 'number'): unknown {
  if (text === '') return undefined
  return type === 'number' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}
