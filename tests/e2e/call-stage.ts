import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { Value } from 'typebox/value';
import { buildCallPage } from '../../console/index.ts';
import { silentLogger } from '../../core/index.ts';
import {
  createSignaling,
  type RoomRole,
  type Signaling,
  type SignalingDeps,
  SignalingOptions,
} from '../../signaling/index.ts';
import { MemoryCallLog } from '../integration/signaling/memory-call-log.ts';

/** Chromium with a camera and a microphone that are made up: a moving picture and a beep a second. */
export function openCallBrowser(extra: { args?: string[]; executablePath?: string } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: extra.executablePath ?? process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      '--allow-loopback-in-peer-connection',
      '--disable-features=WebRtcHideLocalIpsWithMdns',
      ...(extra.args ?? []),
    ],
  });
}

/** Serves the plain call page, gives out join tokens to whoever asks, and runs signaling: stopped and started at will. */
export class CallStage {
  readonly calls = new MemoryCallLog();
  readonly #folder: string;
  readonly #host: string;
  readonly #options: object;
  readonly #deps: Partial<SignalingDeps>;
  #server: Server | undefined;
  #signaling: Signaling | undefined;
  #port = 0;

  private constructor(folder: string, host: string, options: object, deps: Partial<SignalingDeps>) {
    this.#folder = folder;
    this.#host = host;
    this.#options = options;
    this.#deps = deps;
  }

  static async open(options: object = {}, { host = '127.0.0.1', deps = {} } = {}): Promise<CallStage> {
    const folder = await mkdtemp(join(tmpdir(), 'cabinwatch-call-'));
    await buildCallPage({ outDir: folder });
    const stage = new CallStage(folder, host, options, deps);
    await stage.start();
    return stage;
  }

  get signaling(): Signaling {
    return this.#signaling!;
  }

  get origin(): string {
    return `http://${this.#host}:${this.#port}`;
  }

  async start(): Promise<void> {
    const secret = 'a secret of the tests, long enough';
    const options = Value.Parse(
      SignalingOptions,
      Value.Default(SignalingOptions, { secret, ...this.#options }),
    );
    this.#signaling = await createSignaling(options, {
      logger: silentLogger,
      callLog: this.calls,
      ...this.#deps,
    });
    this.#server = createServer(async (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', this.origin);
      if (request.method === 'POST') {
        const [liftId, role, identity] = ['lift', 'role', 'id'].map((key) => searchParams.get(key) ?? '');
        const who = {
          liftId: liftId!,
          role: role as RoomRole,
          identity: identity!,
          name: `Name of ${identity}`,
        };
        const minute = Date.now() + Number(searchParams.get('ms') ?? 60_000);
        response.end(
          role === 'guest' ? this.signaling.guestToken(who, minute) : this.signaling.joinToken(who),
        );
        return;
      }
      const file = pathname === '/' ? 'index.html' : pathname.slice(1);
      const type = file.endsWith('.js') ? 'text/javascript' : 'text/html';
      try {
        response.setHeader('content-type', type).end(await readFile(join(this.#folder, file)));
      } catch {
        response.writeHead(404).end();
      }
    });
    this.#signaling.attach(this.#server);
    await new Promise<void>((resolve) => this.#server!.listen(this.#port, this.#host, resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await this.#signaling?.close();
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  async close(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  address(role: RoomRole, id: string, lift = 'lift-1', more: Record<string, string> = {}): string {
    const tokens = `/token?${new URLSearchParams({ lift, role, id, ...more })}`;
    return `${this.origin}/?${new URLSearchParams({ role, tokens, incident: 'incident-1' })}`;
  }
}

/** One page of the call, by what it shows and counts. */
export class CallPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  static async open(context: Browser | BrowserContext, address: string): Promise<CallPage> {
    const page = await context.newPage();
    await page.goto(address);
    return new CallPage(page);
  }

  text(id: 'link' | 'state' | 'holder' | 'local' | 'refused'): Promise<string | null> {
    return this.page.locator(`#${id}`).textContent();
  }

  click(id: 'start' | 'hang-up' | 'listen' | 'take-over'): Promise<void> {
    return this.page.locator(`#${id}`).click();
  }

  /** What has come from all others so far. */
  media(): Promise<Media> {
    return this.page.evaluate(countMedia);
  }

  /** Waits in the page until so many more pictures and some sound have come; gives the time when they had, epoch ms. */
  more(frames = 3, timeoutMs = 20_000): Promise<number> {
    return this.page.evaluate(waitForMedia, { frames, timeoutMs });
  }
}

export interface Media {
  readonly frames: number;
  readonly energy: number;
  readonly routes: readonly string[];
}

interface Client {
  stats(): Promise<Map<string, { framesDecoded: number; audioEnergy: number; route: string | undefined }>>;
}

async function countMedia(): Promise<Media> {
  const { cabinwatchCall } = globalThis as unknown as { readonly cabinwatchCall: Client };
  const all = [...(await cabinwatchCall.stats()).values()];
  return {
    frames: all.reduce((sum, one) => sum + one.framesDecoded, 0),
    energy: all.reduce((sum, one) => sum + one.audioEnergy, 0),
    routes: all.map(({ route }) => route ?? 'none'),
  };
}

async function waitForMedia({ frames, timeoutMs }: { frames: number; timeoutMs: number }): Promise<number> {
  const { cabinwatchCall } = globalThis as unknown as { readonly cabinwatchCall: Client };
  const until = Date.now() + timeoutMs;
  let first: { frames: number; energy: number } | undefined;
  for (;;) {
    const all = [...(await cabinwatchCall.stats()).values()];
    const now = {
      frames: all.reduce((sum, one) => sum + one.framesDecoded, 0),
      energy: all.reduce((sum, one) => sum + one.audioEnergy, 0),
    };
    // Counters begin anew with a new connection.
    if (!first || now.frames < first.frames) first = now;
    if (now.frames >= first.frames + frames && now.energy > first.energy) return Date.now();
    if (Date.now() > until) throw new Error(`no media: ${JSON.stringify({ first, now })}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
