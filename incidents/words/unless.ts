import type { IncidentKind, Words } from '../../core/index.ts';
import type { IncidentOptions } from '../options.ts';
import { spanEn, spanZh } from './figures.ts';

/** What would change the mind of a kind's rule, with the lift's own figures. */
export const UNLESS: Readonly<Record<IncidentKind, (options: IncidentOptions) => Words>> = Object.freeze({
  entrapment: ({ facts }) => ({
    zh: `若门在楼层打开且乘客离开，或轿厢正常运行${spanZh(facts.runSeconds)}，则判断解除。`,
    en: `Over once the door opens at a floor and people leave, or the car runs normally for ${spanEn(facts.runSeconds)}.`,
  }),
  'ebike-entry': () => ({
    zh: '若电动车离开画面，或再次确认不是电动车，则判断解除。',
    en: 'Over once the e-bike has left the picture, or proves to be none.',
  }),
  fall: () => ({
    zh: '若倒地的人站起来，或轿厢内已没有人，则判断解除。',
    en: 'Over once whoever fell is up again, or nobody is inside.',
  }),
  'motionless-person': () => ({
    zh: '若此人有动作，或轿厢内已没有人，则判断解除。',
    en: 'Over once the person moves, or nobody is inside.',
  }),
  'door-blocked': () => ({
    zh: '若门关上，或轿厢运行，则判断解除。',
    en: 'Over once the door has closed or the car runs.',
  }),
  'door-cycling': ({ door }) => ({
    zh: `若门${spanZh(door.cycleWindowSeconds)}内不再动作，或轿厢运行，则判断解除。`,
    en: `Over once the door has been quiet for ${spanEn(door.cycleWindowSeconds)} or the car runs.`,
  }),
  'long-door-open': () => ({
    zh: '若门关上，或轿厢运行，则判断解除。',
    en: 'Over once the door has closed or the car runs.',
  }),
  'door-open-moving': () => ({
    zh: '若轿厢停住或门关闭，则判断解除。',
    en: 'Over once the car stands or its door is closed.',
  }),
  overspeed: ({ motion }) => ({
    zh: `若速度保持正常${spanZh(motion.slowSeconds)}，则判断解除。`,
    en: `Over once the speed has been ordinary for ${spanEn(motion.slowSeconds)}.`,
  }),
  overtravel: () => ({
    zh: '若轿厢回到平层位置，则判断解除。',
    en: 'Over once the car is level with a floor again.',
  }),
  crowding: () => ({
    zh: '若人数减少到允许范围内，则判断解除。',
    en: 'Over once there are no longer too many people.',
  }),
  'camera-blocked': () => ({
    zh: '若画面恢复清晰，则判断解除。',
    en: 'Over once the picture is clear again.',
  }),
  'camera-offline': () => ({ zh: '若画面恢复，则判断解除。', en: 'Over once pictures come again.' }),
  'controller-offline': () => ({ zh: '若收到新消息，则判断解除。', en: 'Over once messages come again.' }),
});
