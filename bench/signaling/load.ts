import { WebSocket } from 'ws';

/** The other ends of all lines: cabins that only answer pings, and operators that call some of them. */
type Kind = 'signaling' | 'bare';

interface End {
  readonly socket: WebSocket;
  readonly name: string;
  hear: (text: string) => void;
}

let cabins: End[] = [];
let operators: End[] = [];
/** Connections begun at the same time: as a site comes back after a power cut. */
const AT_ONCE = 200;
const MESSAGES = 100;
/** A description cut down to its usual length in trickled candidates and answers. */
const PAYLOAD = 'v=0 '.repeat(300);

function open(kind: Kind, url: string, name: string, token: string): Promise<End> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    const end: End = { socket, name, hear: () => {} };
    socket.once('error', reject);
    socket.once('close', (code) => reject(new Error(`${name} was cut before its welcome: ${code}`)));
    socket.once('open', () =>
      socket.send(
        kind === 'bare' ? name : JSON.stringify({ type: 'hello', versions: [1], token, instance: name }),
      ),
    );
    socket.on('message', (data) => {
      const text = String(data);
      if (text === 'ping') socket.send('pong');
      else if (text === '{"type":"ping"}') socket.send('{"type":"pong"}');
      else if (text === 'welcome' || text.startsWith('{"type":"welcome"')) resolve(end);
      else end.hear(text);
    });
  });
}

async function connect(question: {
  kind: Kind;
  url: string;
  cabins: number;
  calls: number;
  tokens: readonly [string[], string[]];
}): Promise<number> {
  const { kind, url, tokens } = question;
  const from = performance.now();
  const openAll = async (role: string, count: number, of: string[]): Promise<End[]> => {
    const ends: End[] = [];
    for (let n = 0; n < count; n += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, count - n) }, (_, i) => n + i);
      ends.push(...(await Promise.all(some.map((i) => open(kind, url, `${role}-${i}`, of[i] ?? '')))));
    }
    return ends;
  };
  cabins = await openAll('cabin', question.cabins, tokens[0]);
  operators = await openAll('operator', question.calls, tokens[1]);
  return performance.now() - from;
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.floor((sorted.length - 1) * q)] ?? 0;

/** All operators call at once; each is set up when the operator hears that the cabin has answered. */
async function setUp(): Promise<{ p50: number; p95: number; ids: string[] }> {
  const ids: string[] = [];
  const took = await Promise.all(
    operators.map((operator, n) => {
      const cabin = cabins[n]!;
      const from = performance.now();
      cabin.hear = (text) => {
        const message = JSON.parse(text);
        if (message.type === 'call' && message.call.state === 'ringing')
          cabin.socket.send(JSON.stringify({ type: 'answer', callId: message.call.id }));
      };
      return new Promise<number>((resolve) => {
        operator.hear = (text) => {
          const message = JSON.parse(text);
          if (message.type !== 'call' || message.call.state !== 'negotiating') return;
          ids[n] = message.call.id;
          resolve(performance.now() - from);
        };
        operator.socket.send('{"type":"call"}');
      });
    }),
  );
  took.sort((a, b) => a - b);
  return { p50: quantile(took, 0.5), p95: quantile(took, 0.95), ids };
}

/** Each pair sends one message after the other, there and back: a hundred one-way times a pair. */
async function relay(
  kind: Kind,
  ids: readonly string[],
): Promise<{ p50: number; p95: number; perSecond: number }> {
  const times: number[] = [];
  const from = performance.now();
  await Promise.all(
    operators.map((operator, n) => {
      const cabin = cabins[n]!;
      const say = (end: End, to: End): void => {
        end.socket.send(
          kind === 'bare'
            ? `${to.name}|${end.name}|${PAYLOAD}`
            : JSON.stringify({
                type: 'signal',
                to: to.name,
                callId: ids[n],
                generation: 0,
                description: { type: 'offer', sdp: PAYLOAD },
              }),
        );
      };
      return new Promise<void>((resolve) => {
        let sent = performance.now();
        let left = MESSAGES;
        const hear =
          (end: End, to: End) =>
          (text: string): void => {
            if (!text.includes(PAYLOAD)) return;
            times.push(performance.now() - sent);
            left -= 1;
            if (left === 0) resolve();
            if (left <= 0) return;
            sent = performance.now();
            say(end, to);
          };
        cabin.hear = hear(cabin, operator);
        operator.hear = hear(operator, cabin);
        say(operator, cabin);
      });
    }),
  );
  const seconds = (performance.now() - from) / 1000;
  times.sort((a, b) => a - b);
  return { p50: quantile(times, 0.5), p95: quantile(times, 0.95), perSecond: times.length / seconds };
}

process.on('message', async (message: { id: number; connect?: never; calls?: { kind: Kind } }) => {
  if (message.connect) process.send?.({ id: message.id, value: await connect(message.connect) });
  if (message.calls) {
    const { kind } = message.calls;
    const set = kind === 'bare' ? undefined : await setUp();
    const relayed = await relay(kind, set?.ids ?? []);
    process.send?.({
      id: message.id,
      value: { setUp: set && { p50: set.p50, p95: set.p95 }, relay: relayed },
    });
  }
});
