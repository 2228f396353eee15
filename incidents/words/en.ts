import { peopleEn, spanEn, speed, timesEn } from './figures.ts';
import type { Phrases } from './reasons.ts';

const at = (floor: number | null): string => (floor === null ? 'at a floor' : `at floor ${floor}`);
const near = (floor: number | null): string => (floor === null ? '' : ` near floor ${floor}`);

export const en: Phrases = {
  reasons: {
    'people-seen': ({ count }) => `the camera shows ${peopleEn(count)} inside`,
    'people-shown': ({ count }) => `the camera has shown ${peopleEn(count)} inside since the door closed`,
    'people-held': ({ count }) =>
      `${peopleEn(count)} ${count === 1 ? 'was' : 'were'} inside when last seen, and the door has not opened since`,
    'people-weighed': ({ percent }) => `the car weighs ${percent}% of its rated load`,
    'people-unknown': () => 'whether anyone is inside is not known',
    'people-long-inside': ({ seconds }) => `nobody has come or gone for ${spanEn(seconds)}`,
    'stopped-between-floors': ({ seconds, floor }) =>
      `the car has stood between floors${near(floor)} for ${spanEn(seconds)}`,
    'door-stays-closed': ({ seconds, floor }) =>
      `the car has stood ${at(floor)} with its door closed for ${spanEn(seconds)}`,
    'door-fails-to-open': ({ times }) => `the door has failed to open ${timesEn(times)}`,
    'alarm-button': () => 'the alarm button was pressed',
    'help-button': () => "help was asked for on the cabin's screen",
    'controller-fault': ({ codes }) => `the controller reports ${codes}`,
    'no-controller': () => 'no word from the controller, so this rests on the picture alone',
    'door-held-open': ({ seconds, floor }) =>
      `the door has stood open ${at(floor)} for ${spanEn(seconds)} with somebody in the car`,
    'door-turns-back': ({ times }) => `the door has turned back ${timesEn(times)} while closing`,
    'door-cycles': ({ times, seconds }) =>
      `the door has opened and closed ${timesEn(times)} within ${spanEn(seconds)}`,
    'door-long-open': ({ seconds, floor }) => `the door has been open ${at(floor)} for ${spanEn(seconds)}`,
    'doorway-occupied': () => 'the camera shows something in the doorway',
    'door-open-at-speed': ({ speed: v }) => `the car has moved at ${speed(v)} m/s with its door open`,
    'too-fast': ({ speed: v, rated }) =>
      `the car has run at ${speed(v)} m/s; it is rated for ${speed(rated)} m/s`,
    'past-last-floor': ({ end }) => `the car has stopped past its ${end} floor`,
    'fault-says-so': ({ codes }) => `the fault code ${codes} stands for this`,
    'ebike-warned': () => 'something that looks like an e-bike is in the car',
    'ebike-seen': ({ percent }) => `${percent}% of the latest pictures show an e-bike in the car`,
    fallen: ({ seconds }) => `somebody went down ${spanEn(seconds)} ago and is still down`,
    motionless: ({ seconds }) => `somebody has not moved for ${spanEn(seconds)}`,
    crowd: ({ count }) => `the camera shows ${peopleEn(count)} in the car`,
    'lens-covered': () => 'the lens is covered',
    'picture-dark': () => 'the picture is too dark: the light is off, or the lens is covered',
    'camera-silent': ({ seconds }) => `no picture for ${spanEn(seconds)}`,
    'picture-frozen': () => 'the camera sends the same picture again and again',
    'controller-silent': ({ seconds }) => `no message for ${spanEn(seconds)}`,
    'controller-never': () => 'no message has ever come',
    'people-left': () => 'the door is open and nobody is inside any more',
    'free-to-leave': ({ floor }) => `the door stands open ${at(floor)}`,
    'car-runs': ({ seconds }) => `the car has run for ${spanEn(seconds)}`,
    'people-gone': () => 'the car is seen to be empty',
    'door-closed': () => 'the door has closed',
    'door-settled': () => 'the door is quiet again',
    'stopped-or-closed': () => 'the car stands, or its door is closed',
    'speed-ordinary': ({ seconds }) => `the speed has been ordinary for ${spanEn(seconds)}`,
    'back-in-zone': () => 'the car is level with a floor again',
    'ebike-gone': () => 'the e-bike is gone',
    'ebike-not-confirmed': () => 'a closer look shows no e-bike',
    'up-again': () => 'nobody lies in the car any more',
    'moves-again': () => 'nobody lies or stands motionless any more',
    'crowd-gone': () => 'there are no longer too many people',
    'picture-clear': () => 'the picture is clear again',
    'camera-back': () => 'pictures come again',
    'controller-back': () => 'messages come again',
    'other-mode': ({ mode }) => `the lift is in ${mode} mode`,
    'acknowledged-by': ({ name }) => `acknowledged by ${name}`,
    'relieved-by': ({ name }) => `declared over by ${name}`,
    'closed-by': ({ name }) => `closed by ${name}`,
    'false-alarm-by': ({ name }) => `called a false alarm by ${name}`,
    capped: ({ hours }) => `closed after ${hours} h, the longest that it may stand open`,
    'closed-after-end': () => 'closed, as it did not come back',
    'lift-removed': () => 'closed, as the lift is no longer watched',
    'goes-on-as-earlier': ({ id }) => `closed, as the same situation already stands as incident ${id}`,
  },
  join: (lead, reasons) => (reasons.length === 0 ? `${lead}.` : `${lead}: ${reasons.join('; ')}.`),
};
