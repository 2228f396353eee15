import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CabinwatchError } from '../../../core/index.ts';
import { dependencyMissing } from '../missing.ts';
import type { StageFrame, StageSetup, StageSolids } from '../stage/protocol.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
};
const FLAGS = [
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-background-networking',
  '--no-first-run',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];

/** The little of playwright-core that is used, so that types hold where it isn't installed. */
interface Page {
  on(event: 'console', listener: (message: { type(): string; text(): string }) => void): void;
  on(event: 'pageerror', listener: (error: Error) => void): void;
  goto(url: string): Promise<unknown>;
  waitForFunction(expression: string, argument: unknown, options: { timeout: number }): Promise<unknown>;
  evaluate<A, R>(fn: (argument: A) => R | Promise<R>, argument: A): Promise<R>;
}
interface BrowserContext {
  pages(): Page[];
  newPage(): Promise<Page>;
  close(): Promise<void>;
}
interface Playwright {
  chromium: {
    launchPersistentContext(profile: string, options: Record<string, unknown>): Promise<BrowserContext>;
  };
}

export interface StageHostOptions {
  /** Chromium's program; default: the CHROMIUM variable, then Debian's place. */
  readonly chromium?: string;
}

/** A headless browser with the stage in it, and the local server that feeds it and takes its frames. */
export class StageHost {
  readonly #context: BrowserContext;
  readonly #page: Page;
  readonly #server: Server;
  readonly #profile: string;
  readonly #mail: Mail;
  #closed = false;

  private constructor(parts: {
    context: BrowserContext;
    page: Page;
    server: Server;
    profile: string;
    mail: Mail;
  }) {
    this.#context = parts.context;
    this.#page = parts.page;
    this.#server = parts.server;
    this.#profile = parts.profile;
    this.#mail = parts.mail;
  }

  /** @param assets folder whose files the page may read under /assets/ */
  static async start(assets: string, options: StageHostOptions = {}): Promise<StageHost> {
    const mail = new Mail();
    const server = await serve(await bundleStage(), assets, mail);
    const profile = await mkdtemp(join(tmpdir(), 'cabinwatch-stage-'));
    try {
      const playwright = await load<Playwright>('playwright-core');
      const context = await playwright.chromium.launchPersistentContext(profile, {
        executablePath: options.chromium ?? process.env.CHROMIUM ?? '/usr/bin/chromium',
        headless: true,
        args: FLAGS,
      });
      const page = context.pages()[0] ?? (await context.newPage());
      page.on('pageerror', (error) => mail.fail(error));
      page.on('console', (message) => {
        if (message.type() === 'error') mail.problem = message.text();
      });
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.waitForFunction('window.stageReady === true', null, { timeout: 60_000 });
      return new StageHost({ context, page, server, profile, mail });
    } catch (error) {
      server.close();
      await rm(profile, { recursive: true, force: true });
      if (error instanceof CabinwatchError) throw error;
      throw /executable|ENOENT/i.test(String(error))
        ? dependencyMissing('chromium', error)
        : stageFailed(mail, error);
    }
  }

  /** Sets the scene. Files named in the setup must have been given with `putFile`. */
  async set(setup: StageSetup): Promise<StageSolids> {
    try {
      return await this.#page.evaluate(
        (s) => (globalThis as unknown as { setStage(s: unknown): Promise<StageSolids> }).setStage(s),
        setup,
      );
    } catch (error) {
      throw stageFailed(this.#mail, error);
    }
  }

  putFile(name: string, bytes: Uint8Array): void {
    this.#mail.files.set(name, bytes);
  }

  dropFiles(): void {
    this.#mail.files.clear();
  }

  /** Renders one frame; the bytes are as stage/protocol.ts says. */
  async render(frame: StageFrame): Promise<Buffer> {
    const posted = this.#mail.next();
    // A failed evaluation also rejects `posted`; it must not go unhandled meanwhile.
    posted.catch(() => {});
    try {
      await this.#page.evaluate(
        (f) => (globalThis as unknown as { renderFrame(f: unknown): Promise<void> }).renderFrame(f),
        frame,
      );
    } catch (error) {
      throw stageFailed(this.#mail, error);
    }
    return posted;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#context.close();
    this.#server.close();
    await rm(this.#profile, { recursive: true, force: true });
  }
}

/** Frames on their way from the page to whoever asked. */
class Mail {
  readonly files = new Map<string, Uint8Array>();
  problem = '';
  #waiting: { resolve(bytes: Buffer): void; reject(error: unknown): void } | undefined;

  next(): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }
  deliver(bytes: Buffer): void {
    this.#waiting?.resolve(bytes);
    this.#waiting = undefined;
  }
  fail(error: Error): void {
    this.problem = error.message;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

function stageFailed(mail: Mail, cause: unknown): CabinwatchError {
  const detail = mail.problem || (cause instanceof Error ? cause.message : String(cause));
  return new CabinwatchError('INFERENCE_FAILED', `the renderer of synthetic cabins failed: ${detail}`, {
    cause,
  });
}

async function serve(script: string, assets: string, mail: Mail): Promise<Server> {
  const page =
    '<!doctype html><meta charset="utf-8"><title>stage</title><script type="module" src="/stage.js"></script>';
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://stage').pathname);
    if (request.method === 'POST' && path === '/frame') {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        mail.deliver(Buffer.concat(chunks));
        response.end();
      });
      return;
    }
    const send = (body: string | Uint8Array, type: string): void => {
      response.setHeader('content-type', type);
      response.end(body);
    };
    if (path === '/') return send(page, 'text/html; charset=utf-8');
    if (path === '/stage.js') return send(script, 'text/javascript; charset=utf-8');
    const file = mail.files.get(path);
    if (file) return send(file, 'application/octet-stream');
    const inside = normalize(path.replace(/^\/assets\//, '/'));
    readFile(join(assets, inside)).then(
      (bytes) => send(bytes, TYPES[extname(inside)] ?? 'application/octet-stream'),
      () => {
        response.statusCode = 404;
        response.end();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function bundleStage(): Promise<string> {
  interface Esbuild {
    build(options: Record<string, unknown>): Promise<{ outputFiles: { text: string }[] }>;
  }
  const esbuild = await load<Esbuild>('esbuild');
  const entry = fileURLToPath(new URL('../stage/main.ts', import.meta.url));
  const built = await esbuild.build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return built.outputFiles[0]?.text ?? '';
}

async function load<T>(name: string): Promise<T> {
  try {
    return (await import(name)) as T;
  } catch (cause) {
    throw dependencyMissing(name, cause);
  }
}
