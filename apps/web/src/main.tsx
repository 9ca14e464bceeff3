import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Router } from 'wouter'
import { App } from './app.tsx'
import { ServicesContext } from './hooks/use-services.ts'
import { useRouterLocation } from './routing/location.ts'
import { createServices } from './services.ts'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

const services = createServices()
createRoot(root).render(
  <StrictMode>
    <ServicesContext value={services}>
      <QueryClientProvider client={services.queryClient}>
        <Router hook={useRouterLocation}>
          <App />
        </Router>
      </QueryClientProvider>
    </ServicesContext>
  </StrictMode>,
)
