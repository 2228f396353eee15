/** Between the service and the thread that PGlite runs in. */
export interface PgliteRequest {
  readonly id: number;
  readonly kind: 'query' | 'close';
  readonly sql?: string;
  readonly parameters?: readonly unknown[];
}

export type PgliteReply =
  | {
      readonly id: number;
      readonly kind: 'rows';
      readonly rows: readonly unknown[];
      readonly affected: number;
    }
  | {
      readonly id: number;
      readonly kind: 'failed';
      readonly message: string;
      readonly code: string | undefined;
    };

export interface PgliteSettings {
  readonly folder: string;
}

/** Anything but PostgreSQL's own answer means that the database has come to grief: its thread ends, and a new one starts afresh. */
export const isFatal = (code: string | undefined): boolean => !/^[0-9A-Z]{5}$/.test(code ?? '');
