import { mixVec, smooth } from '../../math.ts';
import { type Action, onSide, otherSide } from './action.ts';

const TAU = 2 * Math.PI;

/** Things people do on their feet while they ride. */
export const UPRIGHT: readonly Action[] = [
  {
    name: 'phone',
    holds: 'phone',
    fadeIn: 0.8,
    fadeOut: 0.7,
    pose: ({ t, side }) => ({
      controls: {
        ...onSide(side, {
          swing: 30 + 1.5 * Math.sin(t * 2.1),
          out: 7,
          twist: 18,
          elbow: 104 + 2 * Math.sin(t * 3.3),
          grip: 0.7,
        }),
        neckPitch: 30,
        neckYaw: side === 'L' ? 5 : -5,
        spinePitch: 6,
      },
    }),
  },
  {
    name: 'phone-two-hands',
    holds: 'phone',
    fadeIn: 0.8,
    fadeOut: 0.7,
    pose: ({ t }) => ({
      controls: {
        swingL: 30,
        swingR: 30,
        outL: 4,
        outR: 4,
        twistL: 32,
        twistR: 32,
        elbowL: 100 + 2 * Math.sin(t * 4.1),
        elbowR: 100 + 2 * Math.sin(t * 3.7 + 1),
        gripL: 0.5,
        gripR: 0.7,
        neckPitch: 32,
        spinePitch: 7,
      },
    }),
  },
  {
    name: 'call',
    holds: 'phone',
    fadeIn: 0.9,
    fadeOut: 0.7,
    pose: ({ t, side }) => ({
      controls: {
        ...onSide(side, { swing: 42, out: 34, twist: 10, elbow: 142, grip: 0.7 }),
        ...onSide(otherSide(side), { swing: 8 + 8 * Math.sin(t * 1.3), elbow: 30 + 22 * Math.sin(t * 1.7) }),
        neckPitch: 4 + 3 * Math.sin(t * 0.9),
      },
    }),
  },
  {
    name: 'arms-crossed',
    fadeIn: 0.9,
    fadeOut: 0.7,
    pose: () => ({
      controls: { swingL: 24, swingR: 26, outL: 8, outR: 8, twistL: 48, twistR: 48, elbowL: 98, elbowR: 102 },
    }),
  },
  {
    name: 'look-around',
    fadeIn: 0.5,
    fadeOut: 0.5,
    pose: ({ t }) => ({
      controls: {
        neckYaw: 52 * Math.sin((t * TAU) / 3.4),
        spineYaw: 16 * Math.sin((t * TAU) / 3.4 - 0.3),
        neckPitch: -4,
      },
    }),
  },
  {
    name: 'wave',
    fadeIn: 0.6,
    fadeOut: 0.6,
    pose: ({ t, side, camera }) => ({
      controls: {
        ...onSide(side, {
          swing: 24,
          out: 138 + 12 * Math.sin(t * TAU * 1.5),
          twist: 0,
          elbow: 28 + 16 * Math.sin(t * TAU * 1.5 + 0.8),
        }),
      },
      lookAt: camera,
    }),
  },
  {
    name: 'press-button',
    fadeIn: 0.5,
    fadeOut: 0.5,
    pose: ({ side, panel }) => ({
      controls: { ...onSide(side, { reach: 1 }), spinePitch: 8 },
      hands: { [side]: panel },
      lookAt: panel,
    }),
  },
  {
    name: 'hold-door',
    fadeIn: 0.5,
    fadeOut: 0.5,
    pose: ({ side, doorEdge }) => ({
      controls: { ...onSide(side, { reach: 1 }), spinePitch: 5 },
      hands: { [side]: doorEdge },
    }),
  },
  {
    name: 'knock-on-door',
    fadeIn: 0.5,
    fadeOut: 0.6,
    pose: ({ t, doorSeam }) => {
      const beat = Math.max(0, Math.sin(t * TAU * 1.7)) ** 3;
      const back = mixVec(doorSeam, [doorSeam[0], doorSeam[1] + 0.02, doorSeam[2] - 0.22], beat);
      return {
        controls: { reachL: 1, reachR: 1, spinePitch: 6 },
        hands: { L: [back[0] + 0.14, back[1], doorSeam[2] - 0.12], R: [back[0] - 0.14, back[1], back[2]] },
      };
    },
  },
  {
    name: 'pry-door',
    fadeIn: 0.8,
    fadeOut: 0.7,
    pose: ({ t, doorSeam }) => {
      const strain = Math.sin(t * TAU * 0.5);
      return {
        controls: {
          reachL: 1,
          reachR: 1,
          gripL: 0.6,
          gripR: 0.6,
          spinePitch: 14 + 4 * strain,
          drop: 0.07 + 0.02 * strain,
          spineYaw: 9 * strain,
          neckPitch: 18,
        },
        hands: {
          L: [doorSeam[0] + 0.04 + 0.02 * strain, doorSeam[1] - 0.2, doorSeam[2] - 0.06],
          R: [doorSeam[0] - 0.04 - 0.02 * strain, doorSeam[1] - 0.02, doorSeam[2] - 0.06],
        },
      };
    },
  },
  {
    name: 'jump',
    fadeIn: 0.15,
    fadeOut: 0.2,
    pose: ({ t, size }) => {
      const period = 1.25;
      const u = (t % period) / period;
      // Bend, fly (a parabola), land and bend again.
      const flight = u > 0.32 && u < 0.68 ? (u - 0.32) / 0.36 : 0;
      const bend = smooth(0, 0.22, u) - smooth(0.24, 0.32, u) + smooth(0.66, 0.74, u) - smooth(0.76, 0.98, u);
      return {
        controls: {
          air: 0.16 * size * 4 * flight * (1 - flight),
          drop: 0.17 * size * bend,
          spinePitch: 18 * bend,
          swingL: -25 * bend + 60 * (flight > 0 ? 1 - flight : 0),
          swingR: -25 * bend + 60 * (flight > 0 ? 1 - flight : 0),
          elbowL: 30,
          elbowR: 30,
        },
      };
    },
  },
  {
    name: 'lean',
    fadeIn: 1,
    fadeOut: 0.8,
    pose: ({ side, size }) => ({
      controls: {
        side: (side === 'L' ? 0.07 : -0.07) * size,
        roll: side === 'L' ? 5 : -5,
        spineRoll: side === 'L' ? 3 : -3,
        neckRoll: side === 'L' ? -4 : 4,
        drop: 0.015,
      },
    }),
  },
  {
    name: 'carry',
    fadeIn: 0.5,
    fadeOut: 0.5,
    pose: () => ({
      controls: { swingL: 26, swingR: 26, outL: 10, outR: 10, elbowL: 78, elbowR: 78, spinePitch: -3 },
    }),
  },
];
