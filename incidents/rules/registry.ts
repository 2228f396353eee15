import { cameraBlocked } from './camera-blocked.ts';
import { cameraOffline } from './camera-offline.ts';
import { controllerOffline } from './controller-offline.ts';
import { crowding } from './crowding.ts';
import { doorBlocked } from './door-blocked.ts';
import { doorCycling } from './door-cycling.ts';
import { doorOpenMoving } from './door-open-moving.ts';
import { ebikeEntry } from './ebike-entry.ts';
import { entrapment } from './entrapment.ts';
import { fall } from './fall.ts';
import { longDoorOpen } from './long-door-open.ts';
import { motionlessPerson } from './motionless-person.ts';
import { overspeed } from './overspeed.ts';
import { overtravel } from './overtravel.ts';
import type { Rule } from './rule.ts';

/** Every rule, in the order in which they are asked. To add one: its file, and one entry here. */
export const RULES: readonly Rule[] = Object.freeze([
  entrapment,
  doorOpenMoving,
  overspeed,
  overtravel,
  fall,
  motionlessPerson,
  ebikeEntry,
  doorBlocked,
  longDoorOpen,
  doorCycling,
  crowding,
  cameraBlocked,
  cameraOffline,
  controllerOffline,
]);
