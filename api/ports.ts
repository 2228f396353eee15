import type { IncomingMessage, Server } from 'node:http';
import type {
  AccountStore,
  Actor,
  AuditLog,
  CabinStatus,
  CabinTerminal,
  CallHistory,
  CallLink,
  CarState,
  Incident,
  IncidentAct,
  IncidentStore,
  MaintenanceStore,
  MediaStore,
  OutboxStore,
  TimelineStore,
} from '../core/index.ts';

/** What the API needs of the rest of the service. Every one may be left out; its routes are then not there. */
export interface ServicePorts {
  /** Who may sign in, and with which keys; needed unless `api.open` lets this machine in. */
  readonly accounts?: AccountStore;
  readonly audit?: AuditLog;
  readonly lifts?: LiftAdmin;
  readonly cars?: Cars;
  readonly timelines?: Pick<TimelineStore, 'list'>;
  readonly incidents?: Pick<
    IncidentStore,
    'incident' | 'open' | 'list' | 'changesOf' | 'changesSince' | 'lastSeq' | 'statistics'
  >;
  readonly desk?: IncidentDesk;
  readonly maintenance?: MaintenanceStore;
  readonly mediaFiles?: Pick<MediaStore, 'list' | 'item' | 'read' | 'recordings' | 'stream'>;
  readonly outbox?: Pick<OutboxStore, 'backlog' | 'deadLetters' | 'replay'>;
  readonly controllers?: ControllerIngest;
  readonly cabins?: Cabins;
  readonly calls?: Calls;
  readonly metrics?: Metrics;
  /** What must be well for the service to be of use, by name. */
  readonly checks?: () => Readonly<Record<string, boolean>>;
}

/** Applies what a person does to an incident. */
export interface IncidentDesk {
  /** @throws CabinwatchError INPUT_NOT_FOUND, CONFLICT where its phase does not allow it, saying why */
  act(incidentId: string, act: IncidentAct, actor: Actor): Promise<Incident>;
  /** Those of the lift that are not closed, also while the database is away. */
  openIncidents(liftId: string): readonly Incident[];
}

export interface Cars {
  /** Undefined for a lift that is not known. */
  state(liftId: string): CarState | undefined;
}

export interface ControllerIngest {
  /** @throws CabinwatchError INPUT_INVALID for a message that cannot be understood */
  ingest(liftId: string, body: unknown, receivedAt: number): void | Promise<void>;
}

/** Where calls' signaling is reached, beside the routes. */
export const SIGNAL_PATH = '/signal';

/** Calls between operators and cabins. */
export interface Calls {
  /** Serves WebSockets at SIGNAL_PATH of the server, for requests that are ours. */
  attach(server: Server, isOurs: (request: IncomingMessage) => boolean): void;
  /** For one entry into the lift's room within a minute. */
  joinToken(request: {
    readonly liftId: string;
    readonly role: 'operator' | 'supervisor';
    readonly identity: string;
    readonly name: string;
  }): string;
  readonly history: Pick<CallHistory, 'ofIncident'>;
  readonly links: {
    /** The token is shown now and never again. */
    create(link: Omit<CallLink, 'revokedAt'>): Promise<string>;
    link(id: string): Promise<CallLink | undefined>;
    ofLift(liftId: string): Promise<CallLink[]>;
    /** Whoever came by it is out at once. */
    revoke(link: CallLink): Promise<void>;
  };
}

/** The screens in the cabins. */
export interface Cabins {
  readonly terminals: CabinTerminals;
  readonly board: CabinBoard;
  /** Somebody in the car has asked for help on its screen. Resolves once it is judged; see `board` for what came of it. */
  raiseAlarm(liftId: string): void | Promise<void>;
  /** With which the screen enters the lift's room as its cabin. */
  joinToken(terminal: CabinTerminal): string;
}

export interface CabinTerminals {
  invite(liftId: string, by: Actor): { readonly code: string; readonly expiresAt: number };
  /** @throws CabinwatchError TOKEN_INVALID for a code that is wrong, used or too old, TOO_MANY */
  pair(liftId: string, code: string): Promise<{ readonly terminal: CabinTerminal; readonly secret: string }>;
  /** Undefined for a secret that does not, or no longer, hold for this lift. */
  admit(liftId: string, secret: string): Promise<CabinTerminal | undefined>;
  terminal(liftId: string): Promise<CabinTerminal | undefined>;
  revoke(liftId: string): Promise<void>;
}

export interface CabinBoard {
  status(liftId: string): CabinStatus;
  /** Returns the function that unsubscribes. */
  subscribe(liftId: string, listener: (status: CabinStatus) => void): () => void;
}

/** A lift as it is set up now. */
export interface LiftEntry {
  readonly id: string;
  readonly name: string;
  /** Who is limited to groups sees it only if this is one of theirs. */
  readonly group: string | undefined;
  /** One entry of the configuration file's `lifts`, secrets included. */
  readonly settings: LiftSettings;
  /** Epoch ms; rises with every change. */
  readonly changedAt: number;
}

export type LiftSettings = Readonly<Record<string, unknown>> & { readonly id: string };

export interface LiftProblem {
  /** `camera.url` */
  readonly path: string;
  /** What was expected and what was found; shows no secret. */
  readonly message: string;
}

/** The lifts, changed without a restart. */
export interface LiftAdmin {
  list(): readonly LiftEntry[];
  get(id: string): LiftEntry | undefined;
  /** Every mistake at once; none: `put` will take them. */
  check(settings: LiftSettings): readonly LiftProblem[];
  /** Creates the lift, or changes it and restarts only what its change concerns. */
  put(settings: LiftSettings): Promise<LiftEntry>;
  remove(id: string): Promise<void>;
}

/** prom-client's `Registry`, as far as it is used. */
export interface Metrics {
  readonly contentType: string;
  metrics(): Promise<string>;
}
