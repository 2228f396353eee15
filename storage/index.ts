export { type Anchor, readAnchors } from './audit/anchor.ts';
export { type OpenAudit, openAudit } from './audit/open-audit.ts';
export {
  type AuditSource,
  type AuditVerdict,
  type VerifyOptions,
  verifyAudit,
} from './audit/verify-audit.ts';
export { createStorage, type Storage, type StorageDeps, type StorageEvents } from './create-storage.ts';
export { checkDatabase, type DatabaseCheck, MINIMUM_POSTGRES } from './database/check-database.ts';
export type { RecordsWhere } from './database/open-records.ts';
export { StorageOptions } from './options.ts';
export { type OpenAccounts, openAccounts } from './repositories/open-accounts.ts';
export { openOutbox } from './repositories/outbox-repository.ts';
