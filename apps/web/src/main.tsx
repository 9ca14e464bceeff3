import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ServicesContext } from './hooks/use-services.ts'
import { createPageRouter } from './routes/router.ts'
import { createServices } from './services.ts'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

const services = createServices()
const router = createPageRouter()
createRoot(root).render(
  <StrictMode>
    <ServicesContext value={services}>
      <QueryClientProvider client={services.queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </ServicesContext>
  </StrictMode>,
)
