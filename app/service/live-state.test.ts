import { describe, expect, it } from 'vitest';
import type { WallMessage } from '../../api/index.ts';
import type { BehaviourEvent, CameraHealth, Scene } from '../../core/index.ts';
import { LiveState } from './live-state.ts';

const health = (state: CameraHealth['state'], since: number, lastPictureAt?: number): CameraHealth => ({
  cameraId: 'a',
  liftId: 'a',
  state,
  since,
  lastPictureAt,
  pictureAgeMs: undefined,
  reconnects: 0,
  fpsExpected: 15,
  fpsGot: 15,
  error: state === 'offline' ? { code: 'CAMERA_UNREACHABLE', message: 'gone' } : undefined,
});

const scene = (ts: number): Scene => ({
  liftId: 'a',
  ts,
  aspect: 16 / 9,
  inferred: true,
  people: [
    {
      trackId: 3,
      label: 'person',
      score: 0.87654,
      box: { x1: 0.1, y1: 0.2, x2: 0.33333, y2: 0.9 },
      keypoints: [{ x: 0.5, y: 0.25, score: 0.9 }],
      firstSeen: ts,
      lastSeen: ts,
      state: 'confirmed',
    },
  ],
  objects: [],
  picture: { luma: 0.5, contrast: 0.2, detail: 0.1, motion: 0, foreground: 0, grey: false, identical: false },
});

const event = (over: Partial<BehaviourEvent>): BehaviourEvent => ({
  kind: 'fall',
  phase: 'started',
  liftId: 'a',
  ts: 1000,
  startedAt: 900,
  confidence: 0.8,
  evidence: {},
  ...over,
});
const people = (phase: BehaviourEvent['phase'], count: number): BehaviourEvent =>
  event({ kind: 'occupancy', phase, evidence: { count, previous: 0, trackIds: [3] } });

function open(): { state: LiveState; told: WallMessage[] } {
  const state = new LiveState([{ id: 'a', name: 'Car A' }]);
  const told: WallMessage[] = [];
  state.subscribe((message) => told.push(message));
  return { state, told };
}

describe('LiveState', () => {
  it('knows nothing at first, and says so', () => {
    const { state } = open();
    expect(state.cameras()).toMatchObject([
      { id: 'a', name: 'Car A', occupancy: null, scene: null, active: [], health: { state: 'connecting' } },
    ]);
  });

  it('calls a car empty once it has been looked at, not before', () => {
    const { state } = open();
    state.takeHealth(health('online', 1));
    expect(state.camera('a').occupancy).toBeNull();
    state.takeScene(scene(10));
    expect(state.camera('a').occupancy).toBe(0);
    state.takeBehaviour(people('started', 2));
    expect(state.camera('a').occupancy).toBe(2);
    state.takeBehaviour(people('ended', 0));
    expect(state.camera('a').occupancy).toBe(0);
  });

  it('sends scenes with short numbers and flat poses', () => {
    const { state, told } = open();
    state.takeScene(scene(10));
    expect(told).toEqual([
      {
        type: 'scene',
        data: {
          cameraId: 'a',
          scene: {
            ts: 10,
            aspect: 1.778,
            doubt: null,
            objects: [],
            people: [
              {
                id: 3,
                label: 'person',
                score: 0.877,
                state: 'confirmed',
                box: [0.1, 0.2, 0.333, 0.9],
                pose: [0.5, 0.25, 0.9],
              },
            ],
          },
        },
      },
    ]);
  });

  it('shows what goes on until it ends', () => {
    const { state, told } = open();
    state.takeBehaviour(event({ kind: 'ebike', evidence: { stage: 'warning' } }));
    state.takeBehaviour(event({ kind: 'ebike', phase: 'updated', evidence: { stage: 'confirmed' } }));
    expect(state.camera('a').active).toMatchObject([{ kind: 'ebike', evidence: { stage: 'confirmed' } }]);
    state.takeBehaviour(event({ kind: 'ebike', phase: 'ended', evidence: { stage: 'gone' } }));
    expect(state.camera('a').active).toEqual([]);
    expect(state.events().map((e) => [e.id, e.phase])).toEqual([
      [1, 'started'],
      [2, 'updated'],
      [3, 'ended'],
    ]);
    expect(told.map((m) => m.type)).toEqual(['event', 'camera', 'event', 'camera', 'event', 'camera']);
  });

  it('makes an absent camera an event of its own, from its last picture on, and forgets what it saw', () => {
    const { state } = open();
    state.takeHealth(health('online', 100, 100));
    state.takeScene(scene(5000));
    state.takeBehaviour(people('started', 1));
    state.takeHealth(health('stale', 7000, 5000));
    expect(state.camera('a').occupancy).toBe(1);
    state.takeHealth(health('offline', 13_000, 5000));
    state.takeHealth(health('offline', 13_000, 5000));
    expect(state.camera('a')).toMatchObject({ occupancy: null, scene: null });
    state.takeHealth(health('connecting', 14_000, 5000));
    state.takeHealth(health('online', 20_000, 20_000));
    expect(state.events().filter((e) => e.kind === 'camera-offline')).toMatchObject([
      { phase: 'started', ts: 13_000, startedAt: 5000, evidence: { code: 'CAMERA_UNREACHABLE' } },
      { phase: 'ended', ts: 20_000, startedAt: 5000 },
    ]);
    // Whoever was inside has not been seen to leave.
    state.takeScene(scene(20_100));
    expect(state.camera('a').occupancy).toBe(1);
  });

  it('keeps a bounded number of events', () => {
    const { state } = open();
    for (let i = 0; i < 1000; i++) state.takeBehaviour(event({ ts: i, startedAt: i }));
    expect(state.events()).toHaveLength(300);
    expect(state.events().at(-1)?.id).toBe(1000);
  });

  it('knows no other lifts', () => {
    const { state } = open();
    expect(() => state.camera('b')).toThrowError(expect.objectContaining({ code: 'INPUT_NOT_FOUND' }));
  });
});
