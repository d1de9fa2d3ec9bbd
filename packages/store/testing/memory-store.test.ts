import { memoryStore, storeSuite } from './index.ts'

storeSuite('memory', async () => ({ open: async () => memoryStore(), remove: async () => undefined }), { durable: false })
