/** What a simulated camera can be made to suffer. */
export const FAULTS = Object.freeze([
  'none',
  'hang',
  'flood',
  'die',
  'freeze',
  'wrong-password',
  'slow',
] as const);
export type Fault = (typeof FAULTS)[number];

export interface SimulatedCameraOptions {
  /** The path in its URL: letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** MP4 with H.264 or H.265; sent as it is, never encoded again. */
  readonly file: string;
  /** Asked for when given. */
  readonly user?: string;
  readonly password?: string;
  /** Default digest. */
  readonly auth?: 'digest' | 'basic';
  /** Default true. False: the camera says goodbye after one round. */
  readonly loop?: boolean;
}

export interface RtspSimulatorOptions {
  readonly cameras: readonly SimulatedCameraOptions[];
  /** TCP port on `host`. Default 0: any free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** How many times its pictures a flooding camera sends. Default 20; more loads the reader more. */
  readonly floodFactor?: number;
  /** The share of its pictures that a slow camera sends. Default 0.1. */
  readonly slowFactor?: number;
}
