import { useKeyAccess } from '../session/use-key-access.ts'
import { PLACES, type Place } from './places.ts'

/** Returns the places that the key may go to. */
export function useOpenPlaces(): readonly Place[] {
  const { denialOf } = useKeyAccess()
  return PLACES.filter(({ needs }) => needs === null || denialOf(needs) === null)
}
