import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { Negotiator } from '../../../console/index.ts';
import { projectRoot } from '../../../core/index.ts';
import { loadWrtc, type PeerConnection } from '../../../signaling/index.ts';
import { negotiationContract } from '../../contract/signaling-negotiation.ts';
import { SCENES } from '../../contract/signaling-negotiation-scenes.ts';
import { openCallBrowser } from '../../e2e/call-stage.ts';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  const contents = [
    "export { Negotiator } from './console/call/negotiator.ts';",
    "export { SCENES } from './tests/contract/signaling-negotiation-scenes.ts';",
  ].join('\n');
  const stdin = { contents, resolveDir: projectRoot() };
  const [bundle, opened] = await Promise.all([
    build({ stdin, bundle: true, format: 'iife', globalName: 'negotiation', write: false }),
    openCallBrowser(),
  ]);
  browser = opened;
  page = await browser.newPage();
  await page.addScriptTag({ content: bundle.outputFiles[0]!.text });
});
afterAll(() => browser?.close());

negotiationContract('wrtc', async (scene) => {
  const wrtc = await loadWrtc();
  const createConnection = (): PeerConnection => new wrtc.RTCPeerConnection() as unknown as PeerConnection;
  return SCENES[scene]({ createConnection, Negotiator }) as never;
});

negotiationContract('Chromium', (scene) => page.evaluate(playInPage, scene) as never);

function playInPage(scene: keyof typeof SCENES): Promise<unknown> {
  const { negotiation, RTCPeerConnection } = globalThis as unknown as {
    readonly negotiation: { readonly SCENES: typeof SCENES; readonly Negotiator: typeof Negotiator };
    readonly RTCPeerConnection: new () => PeerConnection;
  };
  const createConnection = (): PeerConnection => new RTCPeerConnection();
  return negotiation.SCENES[scene]({ createConnection, Negotiator: negotiation.Negotiator });
}
