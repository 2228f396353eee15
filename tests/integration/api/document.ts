import { openapiDocument } from '../../../api/index.ts';
import type { Role, Scope } from '../../../core/index.ts';

/** The routes of the API, read from its OpenAPI document as any client would. */

export type Schema = Readonly<Record<string, unknown>>;

export interface Operation {
  readonly method: string;
  /** `/api/lifts/{liftId}` */
  readonly path: string;
  readonly access:
    | 'public'
    | 'known'
    | { readonly role: Role; readonly scope?: Scope; readonly everyLift?: true };
  readonly summary: string | undefined;
  readonly security: readonly Record<string, unknown>[] | undefined;
  readonly parameters: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[];
  readonly body: Schema | undefined;
  readonly statuses: readonly number[];
  readonly streams: boolean;
}

interface Described {
  readonly 'x-access': Operation['access'];
  readonly summary?: string;
  readonly security?: Operation['security'];
  readonly parameters?: Operation['parameters'];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
  readonly responses: Record<string, { readonly content?: object }>;
}

export async function readOperations(): Promise<Operation[]> {
  const document = JSON.parse(await openapiDocument()) as {
    paths: Record<string, Record<string, Described>>;
  };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      method: method.toUpperCase(),
      path,
      access: described['x-access'],
      summary: described.summary,
      security: described.security,
      parameters: described.parameters ?? [],
      body: described.requestBody?.content['application/json']?.schema,
      statuses: Object.keys(described.responses).map(Number),
      streams: 'text/event-stream' in (described.responses['200']?.content ?? {}),
    })),
  );
}
