import { Link } from '@tanstack/react-router'
import { Mark } from '../ui/mark.tsx'

export const Home = () => (
  <Link to="/" className="flex min-h-11 w-fit items-center gap-3 rounded-lg px-2 text-lg font-semibold tracking-tight">
    <Mark />
    {/* On a phone its room is for the project and the key. */}
    <span className="max-md:sr-only">Darkroom</span>
  </Link>
)
