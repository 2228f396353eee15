import type { IncidentChange } from './incident.ts';

/** An outgoing message: CloudEvents 1.0 in structured JSON. `id` is the same for every attempt and after every restart. */
export interface AlarmMessage {
  readonly specversion: '1.0';
  /** `<incident id>/<incident version>` */
  readonly id: string;
  /** `/cabinwatch/<site>/lifts/<lift id>` */
  readonly source: string;
  /** `cabinwatch.incident.opened`, `….confirmed`, … */
  readonly type: string;
  /** The incident's id. */
  readonly subject: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: IncidentChange;
}

/** Where alarms go: one file a sink. Adapters are covered by one contract suite. */
export interface AlarmSink {
  /** Unique among the configured sinks; stays the same over restarts. */
  readonly name: string;
  /**
   * Resolves once the receiver has the message for good. Receivers may get a message twice and tell by its `id`.
   * @throws CabinwatchError SINK_FAILED (retried) or SINK_REFUSED (not retried: goes to the dead letters)
   */
  deliver(message: AlarmMessage, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
