import type { AuditLog, CallRecord, Logger } from '../../../core/index.ts';

/** Every call into the audit log: who began it, who took it over, that it was answered, and how it ended. */
export function auditCalls(audit: Pick<AuditLog, 'append'>, logger: Logger): (record: CallRecord) => void {
  const known = new Map<string, { readonly by: string; readonly connected: boolean }>();
  return (record) => {
    const { id, liftId, incidentId, by, state, steps, endReason } = record;
    const before = known.get(id);
    const connected = before?.connected === true || state === 'connected';
    known.set(id, { by: by.id, connected });
    if (state === 'ended') known.delete(id);
    const actions = [
      ...(before || state !== 'ringing' ? [] : ['call.started']),
      ...(before && before.by !== by.id ? ['call.taken-over'] : []),
      ...(connected && before?.connected === false ? ['call.connected'] : []),
      ...(state === 'ended' ? ['call.ended'] : []),
    ];
    const at = steps.at(-1)?.at ?? 0;
    for (const action of actions) {
      audit
        .append({
          at,
          actor: { kind: by.role === 'guest' ? 'key' : 'user', id: by.id, name: by.name },
          action,
          subject: `lift/${liftId}`,
          data: { call: id, ...(incidentId && { incidentId }), ...(endReason && { endReason }) },
        })
        .catch((error: unknown) =>
          logger.error({ err: error, call: id }, 'a call could not be written down'),
        );
    }
  };
}
