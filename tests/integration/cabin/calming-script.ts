import { Value } from 'typebox/value';
import {
  CalmingOptions,
  type CalmingScript,
  loadCalmingMessages,
  MINUTE_STEPS,
} from '../../../signaling/index.ts';

/** The script that comes with the service, without recordings. */
export async function load(options: Partial<CalmingOptions> = {}): Promise<CalmingScript> {
  const { firstSeconds, pauseSeconds, languages } = { ...Value.Create(CalmingOptions), ...options };
  const messages = await loadCalmingMessages();
  return { firstSeconds, pauseSeconds, languages, messages, minuteSteps: MINUTE_STEPS, clips: {} };
}
