export { browserPlatform, browserResume, type MediaWishes, openBrowserMedia } from './browser-platform.ts';
export { type CabinClient, createCabinClient } from './cabin-client.ts';
export { type CallClient, createCallClient } from './call-client.ts';
export type { LinkState, ResumeStore } from './link.ts';
export { Negotiator } from './negotiator.ts';
export type { LocalTracks } from './peer-media.ts';
export type { CallView, SessionDeps, SessionEvents, SessionOptions } from './session-events.ts';
export type { PeerStats } from './stats.ts';
