import type { IncidentKind, Words } from '../../core/index.ts';
import { peopleEn } from './figures.ts';

/** What is believed, in a clause. `sure`: it is confirmed. `people`: how many are inside; undefined while unknown. */
export type Lead = (sure: boolean, people: number | undefined) => Words;

const plain =
  (sure: Words, doubtful: Words): Lead =>
  (isSure) =>
    isSure ? sure : doubtful;

function entrapment(sure: boolean, people: number | undefined): Words {
  if (!people) {
    return sure
      ? { zh: '判断有人被困', en: 'Somebody is believed to be trapped' }
      : { zh: '可能有人被困', en: 'Somebody may be trapped' };
  }
  const who = peopleEn(people);
  if (!sure) return { zh: `可能有${people}人被困`, en: `${who} may be trapped` };
  return { zh: `判断有${people}人被困`, en: `${who} ${people === 1 ? 'is' : 'are'} believed to be trapped` };
}

export const LEADS: Readonly<Record<IncidentKind, Lead>> = Object.freeze({
  entrapment,
  'ebike-entry': plain(
    { zh: '电动车进入轿厢', en: 'An e-bike is in the car' },
    { zh: '疑似电动车进入轿厢', en: 'An e-bike may be in the car' },
  ),
  fall: plain(
    { zh: '有人在轿厢内跌倒', en: 'Somebody has fallen in the car' },
    { zh: '可能有人在轿厢内跌倒', en: 'Somebody may have fallen in the car' },
  ),
  'motionless-person': plain(
    { zh: '轿厢内有人长时间静止不动', en: 'Somebody in the car does not move' },
    { zh: '轿厢内可能有人静止不动', en: 'Somebody in the car may not be moving' },
  ),
  'door-blocked': plain(
    { zh: '电梯门被阻挡', en: 'The door is blocked' },
    { zh: '电梯门可能被阻挡', en: 'The door may be blocked' },
  ),
  'door-cycling': plain(
    { zh: '电梯门反复开关', en: 'The door opens and closes again and again' },
    { zh: '电梯门可能在反复开关', en: 'The door may be opening and closing again and again' },
  ),
  'long-door-open': plain(
    { zh: '电梯门长时间未关', en: 'The door has been open for long' },
    { zh: '电梯门可能长时间未关', en: 'The door may have been open for long' },
  ),
  'door-open-moving': plain(
    { zh: '电梯开门运行', en: 'The car has moved with its door open' },
    { zh: '电梯可能开门运行', en: 'The car may have moved with its door open' },
  ),
  overspeed: plain(
    { zh: '电梯超速', en: 'The car has run too fast' },
    { zh: '电梯可能超速', en: 'The car may have run too fast' },
  ),
  overtravel: plain(
    { zh: '电梯冲顶或蹲底', en: 'The car has run past its last floor' },
    { zh: '电梯可能冲顶或蹲底', en: 'The car may have run past its last floor' },
  ),
  crowding: plain(
    { zh: '轿厢内过于拥挤', en: 'The car is overcrowded' },
    { zh: '轿厢内可能过于拥挤', en: 'The car may be overcrowded' },
  ),
  'camera-blocked': plain(
    { zh: '摄像机被遮挡', en: 'The camera is blocked' },
    { zh: '摄像机可能被遮挡', en: 'The camera may be blocked' },
  ),
  'camera-offline': plain(
    { zh: '摄像机离线', en: 'The camera is offline' },
    { zh: '摄像机可能离线', en: 'The camera may be offline' },
  ),
  'controller-offline': plain(
    { zh: '控制系统失联', en: 'The controller is not heard' },
    { zh: '控制系统可能失联', en: 'The controller may be offline' },
  ),
});
