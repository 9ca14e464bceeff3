// Runs before anything is painted, and is a file of its own because the Content-Security-Policy allows no inline script.
// src/theme/theme-store.ts writes what is read here.
try {
  const theme = localStorage.getItem('darkroom.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // A browser that keeps nothing shows what the system prefers.
}
